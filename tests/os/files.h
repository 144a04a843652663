// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qset.h>
#include <QtCore/qstring.h>
#include <QtCore/qtemporarydir.h>

#include <algorithm>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace Holdfast::Testing {

/** What every open descriptor of this process leads to. */
inline QStringList openFiles()
{
    QStringList files;
    const QDir directory(QStringLiteral("/proc/self/fd"));
    for (const QString &name : directory.entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot)) {
        char target[4096] = {};
        const QByteArray link = QFile::encodeName(directory.filePath(name));
        const ssize_t size = ::readlink(link.constData(), target, sizeof target - 1);
        const QString file = QFile::decodeName(QByteArray(target, static_cast<int>(std::max<ssize_t>(size, 0))));
        if (size > 0 && !file.startsWith(QLatin1String("/proc/"))) // the listing's own
            files += file;
    }
    return files;
}

/** How often this process has @p path open. */
inline int timesOpen(const QString &path)
{
    return static_cast<int>(openFiles().filter(path).size());
}

/** Somebody else's flock, as far as the kernel is concerned: a description of its own. */
class ForeignLock
{
public:
    explicit ForeignLock(const QString &path, int operation = LOCK_EX)
        : m_descriptor(::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)),
          m_held(::flock(m_descriptor, operation | LOCK_NB) == 0)
    { }
    ~ForeignLock() { release(); }
    ForeignLock(const ForeignLock &) = delete;
    ForeignLock &operator=(const ForeignLock &) = delete;

    bool isHeld() const { return m_held; }
    void release()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        m_descriptor = -1;
        m_held = false;
    }

private:
    int m_descriptor;
    bool m_held;
};

/** Whether somebody could take the lock now. */
inline bool isFree(const QString &path)
{
    return ForeignLock(path).isHeld();
}

inline void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(text);
}

inline QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(unreadable)");
}

} // namespace Holdfast::Testing
