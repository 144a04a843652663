// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qfile.h>
#include <QtCore/qstring.h>

#include <algorithm>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// Markers as Python's filelock would write them, from /proc and by paper and pencil: nothing of the library is in it.

inline QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
}

inline void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(content);
}

inline QByteArray hostName()
{
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    return name;
}

/** 2^64 times the boot id, as 128 bits, plus the start in ticks, in decimal: up to 58 digits. */
inline QByteArray startToken(qint64 process)
{
    const QByteArray stat = contentOf(QStringLiteral("/proc/%1/stat").arg(process));
    const QByteArray start = stat.mid(stat.lastIndexOf(')') + 2).split(' ').value(19);
    const QByteArray boot = contentOf(QStringLiteral("/proc/sys/kernel/random/boot_id")).trimmed().replace("-", "");
    const QByteArray digits = boot + QByteArray::number(start.toULongLong(), 16).rightJustified(16, '0');
    QList<int> decimal{0}; // the lowest first
    for (const char digit : digits) {
        int carry = QByteArray(1, digit).toInt(nullptr, 16);
        for (int &place : decimal) {
            const int sum = place * 16 + carry;
            place = sum % 10;
            carry = sum / 10;
        }
        for (; carry > 0; carry /= 10)
            decimal.append(carry % 10);
    }
    QByteArray text;
    for (const int place : decimal)
        text.prepend(char('0' + place));
    return text;
}

inline QByteArray softMarker(qint64 process, const QByteArray &host, const QByteArray &token = {})
{
    return QByteArray::number(process) + '\n' + host + '\n' + (token.isEmpty() ? QByteArray() : token + '\n');
}

inline QByteArray leaseMarker(qint64 process, const QByteArray &host, const QByteArray &token,
                              const QByteArray &duration, const QByteArray &start = {})
{
    return "filelock/2\npid=" + QByteArray::number(process) + "\nhost=" + host + "\nmode=lease\ntoken=" + token
           + "\nduration=" + duration + '\n' + (start.isEmpty() ? QByteArray() : "start=" + start + '\n');
}

const QByteArray AnyToken = "00112233445566778899aabbccddeeff";

inline qint64 deadProcess()
{
    const pid_t child = ::fork();
    if (child == 0)
        _exit(0);
    ::waitpid(child, nullptr, 0);
    return child;
}

/** Makes a file, or the link itself, so many seconds old. */
inline void age(const QString &path, int seconds)
{
    const timespec times[2] = {{::time(nullptr) - seconds, 0}, {::time(nullptr) - seconds, 0}};
    ::utimensat(AT_FDCWD, QFile::encodeName(path).constData(), times, AT_SYMLINK_NOFOLLOW);
}

inline bool isThere(const QString &path)
{
    struct stat facts = {};
    return ::lstat(QFile::encodeName(path).constData(), &facts) == 0;
}

inline unsigned modeOf(const QString &path)
{
    struct stat facts = {};
    return ::lstat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_mode & 07777 : 0;
}
