// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "../os/files.h"
#include "engine/softreadwritebackend.h"

#include <QtCore/qdir.h>
#include <QtCore/qtemporarydir.h>

#include <chrono>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace Holdfast::Testing {

inline const QByteArray OtherToken = "0123456789abcdef0123456789abcdef";

/** A fresh directory with the files of one soft read/write lock, and what a test does to them by hand. */
class ReadWriteFiles
{
public:
    static constexpr std::chrono::seconds Threshold{40};

    QString path() const { return m_directory.filePath(QStringLiteral("some")); }
    QString state() const { return path() + QStringLiteral(".state"); }
    QString writer() const { return path() + QStringLiteral(".write"); }
    QString readers() const { return path() + QStringLiteral(".readers"); }
    QString reader(const QString &name) const { return readers() + u'/' + name; }
    QString file(const QString &name) const { return m_directory.filePath(name); }

    std::unique_ptr<SoftReadWriteBackend> backend() const
    {
        return std::make_unique<SoftReadWriteBackend>(QFile::encodeName(path()).toStdString(),
                                                      ReadWriteTerms{std::chrono::seconds(10), Threshold});
    }

    QStringList all() const
    {
        return QDir(m_directory.path())
            .entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot);
    }
    QStringList readerNames() const
    {
        return QDir(readers()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot);
    }
    void makeReaders() const { ::mkdir(QFile::encodeName(readers()).constData(), 0700); }

private:
    QTemporaryDir m_directory;
};

/** The marker of somebody on another machine: of him only the age tells. */
inline QByteArray foreignMarker(const QByteArray &token = OtherToken)
{
    return token + "\n4711\nelsewhere\n";
}

/** Makes a file (or what else is there) older than it is. */
inline void age(const QString &path, std::chrono::milliseconds by)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(by);
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec -= seconds.count();
    const timespec times[2] = {now, now};
    ::utimensat(AT_FDCWD, QFile::encodeName(path).constData(), times, AT_SYMLINK_NOFOLLOW);
}

inline struct stat statOf(const QString &path)
{
    struct stat facts = {};
    ::lstat(QFile::encodeName(path).constData(), &facts);
    return facts;
}

inline bool isOlderThan(const QString &path, std::chrono::seconds than)
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec - statOf(path).st_mtim.tv_sec > than.count();
}

} // namespace Holdfast::Testing
