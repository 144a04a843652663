// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "../os/files.h"
#include "patience.h"

#include <sys/stat.h>

namespace Holdfast::Testing {

/** Whether this process watches @p path for events now. */
inline bool isWatchedNow(const QString &path)
{
    struct stat facts = {};
    ::stat(QFile::encodeName(path).constData(), &facts);
    const QByteArray inode = "ino:" + QByteArray::number(static_cast<qulonglong>(facts.st_ino), 16) + ' ';
    const QDir directory(QStringLiteral("/proc/self/fdinfo"));
    for (const QString &name : directory.entryList(QDir::Files)) {
        if (read(directory.filePath(name)).contains(inode))
            return true;
    }
    return false;
}

/** Waits until it does, as for the file of a hold that lasts. */
inline bool isWatched(const QString &path)
{
    return comesTrue([&path] { return isWatchedNow(path); });
}

} // namespace Holdfast::Testing
