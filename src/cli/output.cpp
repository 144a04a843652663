// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/output.h"

#include "cli/exitcode.h"

#include <QtCore/qbytearray.h>

#include <cstdio>

namespace Holdfast::Cli {

namespace {

bool write(std::FILE *stream, const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    const auto size = static_cast<std::size_t>(bytes.size());
    return std::fwrite(bytes.constData(), 1, size, stream) == size && std::fflush(stream) == 0;
}

bool steersTerminal(QChar character)
{
    return character.category() == QChar::Other_Control || character.category() == QChar::Other_Format;
}

} // namespace

bool print(const QString &text)
{
    return write(stdout, text);
}

int printAndEnd(const QString &text, int exitCode)
{
    if (print(text))
        return exitCode;
    complain(QStringLiteral("cannot write to standard output"));
    return ExitCode::System;
}

void complain(const QString &sentence)
{
    write(stderr, QStringLiteral("holdfast: ") + printable(sentence) + u'\n');
}

QString printable(QString text)
{
    for (QChar &character : text) {
        if (steersTerminal(character))
            character = u'?';
    }
    return text;
}

QString inWords(qint64 seconds)
{
    if (seconds < 60)
        return QStringLiteral("%1 s").arg(seconds);
    if (seconds < 3600)
        return QStringLiteral("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    return QStringLiteral("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
}

} // namespace Holdfast::Cli
