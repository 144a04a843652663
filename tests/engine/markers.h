// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "../os/files.h"
#include "engine/owner.h"

#include <QtCore/qfile.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Holdfast::Testing {

/** The number of a process that has just ended. */
inline pid_t deadProcess()
{
    const pid_t child = ::fork();
    if (child == 0)
        _exit(0);
    ::waitpid(child, nullptr, 0);
    return child;
}

inline QByteArray softMarker(std::int64_t process, const std::string &host, const std::string &token = {})
{
    QByteArray text = QByteArray::number(qint64(process)) + '\n' + host.c_str() + '\n';
    if (!token.empty())
        text += (token + '\n').c_str();
    return text;
}

inline QByteArray leaseMarker(std::int64_t process, const std::string &host, const char *duration = "30.0",
                              const char *mode = "lease")
{
    return "filelock/2\npid=" + QByteArray::number(qint64(process)) + "\nhost=" + host.c_str() + "\nmode=" + mode
           + "\ntoken=00112233445566778899aabbccddeeff\nduration=" + duration + '\n';
}

inline QByteArray deadMarker()
{
    return softMarker(deadProcess(), currentOwner().host);
}

/** Somebody who lives, and is not this process: the first of all. */
inline QByteArray liveMarker()
{
    return softMarker(1, currentOwner().host);
}

inline QByteArray foreignMarker()
{
    return softMarker(1, "another.machine");
}

/** Gives the file, or the link itself, a time of change so long ago (or, negative, to come). */
inline void age(const QString &path, double seconds)
{
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const auto moment = static_cast<std::int64_t>(now.tv_sec) - static_cast<std::int64_t>(seconds);
    const timespec times[2] = {{moment, 0}, {moment, 0}};
    ::utimensat(AT_FDCWD, QFile::encodeName(path).constData(), times, AT_SYMLINK_NOFOLLOW);
}

inline void writeOld(const QString &path, const QByteArray &text, double seconds = 3600)
{
    write(path, text);
    age(path, seconds);
}

inline ino_t inodeOf(const QString &path)
{
    struct stat facts = {};
    return ::lstat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_ino : 0;
}

inline QStringList entriesOf(const QString &directory)
{
    return QDir(directory).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

} // namespace Holdfast::Testing
