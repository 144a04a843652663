// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "lockkinds.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>
#include <holdfast/softreadwritelock.h>
#include <holdfast/sql/readwritelock.h>
#include <holdfast/strictsoftfilelock.h>

#include <QtCore/qurl.h>
#include <QtCore/qurlquery.h>

namespace {

QSqlDatabase describe(const QUrl &server)
{
    QSqlDatabase made = QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), QStringLiteral("tests of Holdfast"));
    const QString directory = QUrlQuery(server).queryItemValue(QStringLiteral("host"));
    made.setHostName(directory.isEmpty() ? server.host() : directory);
    made.setPort(server.port(-1));
    made.setUserName(server.userName());
    made.setDatabaseName(server.path().mid(1));
    return made;
}

} // namespace

const QSqlDatabase &postgresConnection()
{
    // Never destroyed, and not looked up by name: threads make locks, too.
    static const auto *const made = new QSqlDatabase(describe(QUrl(qEnvironmentVariable("HOLDFAST_POSTGRES"))));
    return *made;
}

std::unique_ptr<Holdfast::AbstractLock> makeLock(const QString &kind, const QString &path)
{
    if (kind == QLatin1String("file"))
        return std::make_unique<Holdfast::FileLock>(path);
    if (kind == QLatin1String("soft"))
        return std::make_unique<Holdfast::SoftFileLock>(path);
    if (kind == QLatin1String("lease"))
        return std::make_unique<Holdfast::SoftFileLease>(path);
    if (kind == QLatin1String("lease-brief"))
        return std::make_unique<Holdfast::SoftFileLease>(
            path, Holdfast::SoftFileLeaseOptions{.duration = std::chrono::seconds(2)});
    if (kind == QLatin1String("strict"))
        return std::make_unique<Holdfast::StrictSoftFileLock>(path);
    if (kind == QLatin1String("soft-rw"))
        return std::make_unique<Holdfast::SoftReadWriteLock>(path);
    if (kind == QLatin1String("soft-rw-brief")) {
        const Holdfast::SoftReadWriteLockOptions brief{.heartbeatInterval = std::chrono::milliseconds(50),
                                                       .staleThreshold = std::chrono::milliseconds(400)};
        return std::make_unique<Holdfast::SoftReadWriteLock>(path, brief);
    }
    if (kind == QLatin1String("sqlite-rw"))
        return std::make_unique<Holdfast::ReadWriteLock>(path);
    if (kind == QLatin1String("postgres-rw"))
        return std::make_unique<Holdfast::ReadWriteLock>(postgresConnection(), path);
    if (kind == QLatin1String("postgres-rw-brief")) {
        const Holdfast::ReadWriteLockOptions brief{.lossBound = std::chrono::milliseconds(400)};
        return std::make_unique<Holdfast::ReadWriteLock>(postgresConnection(), path, brief);
    }
    return nullptr;
}
