// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "../os/files.h"
#include "engine/strictbackend.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>

#include <memory>
#include <sys/stat.h>

namespace Holdfast::Testing {

/** The files of a strict lock in a fresh directory, seen from outside. */
class StrictFiles
{
public:
    QString path() const { return m_directory.filePath(QStringLiteral("a.lock")); }
    QString beside(const QString &name) const { return m_directory.filePath(name); }
    QString claim(const QString &name) const { return path() + QStringLiteral(".filelock/claims/") + name; }
    std::string encoded() const { return QFile::encodeName(path()).toStdString(); }

    std::unique_ptr<StrictBackend> backend(std::optional<unsigned> permissions = {}) const
    {
        return std::make_unique<StrictBackend>(StrictBackendOptions{.path = encoded(), .permissions = permissions});
    }

    /** What lies among the claims, leftovers included. */
    QStringList names() const
    {
        return QDir(path() + QStringLiteral(".filelock/claims"))
            .entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }

    /** The lock was held once, and is free. */
    void use() const { static_cast<void>(backend()->attempt(LockMode::Exclusive)); }

    void makeDirectories() const { QDir().mkpath(path() + QStringLiteral(".filelock/claims")); }

    /** As Python's filelock writes one: the record of the specification's example, with @p token. */
    static QByteArray record(const QByteArray &token)
    {
        return "filelock-strict-v1\n" + token
               + "\n25436\n766d\n4564968143935799161601706105914022163149293324252142092924\n";
    }

    void addClaim(const QString &state, const QByteArray &token) const
    {
        makeDirectories();
        write(claim(state + QStringLiteral("-v1-") + QString::fromLatin1(token) + QStringLiteral(".claim")),
              record(token));
    }

    static inline const QByteArray Sentinel = QByteArray("1\nfilelock-strict-v1\0\n0\n", 24);
    static inline const QByteArray Token = "45cc219088120dd482ea5c24636d16a1";

private:
    QTemporaryDir m_directory;
};

inline struct stat statOf(const QString &path)
{
    struct stat facts = {};
    ::lstat(QFile::encodeName(path).constData(), &facts);
    return facts;
}

} // namespace Holdfast::Testing
