// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qfile.h>
#include <QtTest/qtest.h>

#include <string>
#include <string_view>
#include <vector>

/** A copy of its own on the heap, so that the sanitizer sees a step beyond the end. */
class Bytes
{
public:
    explicit Bytes(std::string_view text) : m_bytes(text.begin(), text.end()) { }
    explicit Bytes(const QByteArray &text) : Bytes(std::string_view(text.constData(), std::size_t(text.size()))) { }

    operator std::string_view() const { return {m_bytes.data(), m_bytes.size()}; }

private:
    std::vector<char> m_bytes;
};

/** A text that may hold zero bytes, from a literal. */
template<std::size_t Size>
QByteArray literal(const char (&text)[Size])
{
    return {text, Size - 1};
}

/** The bytes of a file that another program wrote: Python's filelock, an editor. */
inline std::string golden(const char *name)
{
    QFile file(QStringLiteral(GOLDEN_FILES "/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : "there is no such golden file";
}
