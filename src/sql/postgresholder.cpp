// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgresholder.h"

#include "sql/postgresoptions.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

namespace Holdfast {

namespace {

// pg_locks shows a key as its two halves.
QString isOfLock(qint64 key)
{
    const auto bits = static_cast<quint64>(key);
    return QStringLiteral("l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
                          " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                          " AND l.classid = '%1'::oid AND l.objid = '%2'::oid")
        .arg(bits >> 32)
        .arg(bits & 0xffffffff);
}

const auto SharedMode = QStringLiteral("ShareLock");
const auto ExclusiveMode = QStringLiteral("ExclusiveLock");

} // namespace

// Other roles' starts and hosts are hidden from those who may not see them.
QString holdersExpression(qint64 key)
{
    return QStringLiteral("(SELECT json_agg(json_build_object('mode', l.mode, 'name', a.application_name,"
                          " 'user', a.usename, 'host', coalesce(a.client_hostname, host(a.client_addr)),"
                          " 'since', extract(epoch FROM a.backend_start)) ORDER BY a.backend_start, l.pid)"
                          " FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid"
                          " WHERE %1)")
        .arg(isOfLock(key));
}

QString isHeldExpression(qint64 key, LockMode mode)
{
    return QStringLiteral("EXISTS (SELECT FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.mode = '%1' AND %2)")
        .arg(mode == LockMode::Shared ? SharedMode : ExclusiveMode, isOfLock(key));
}

namespace {

LockHolder holderFrom(const QJsonObject &found)
{
    LockHolder holder;
    const QString name = found.value(QLatin1String("name")).toString();
    const auto owner = SessionOwner::in(name);
    holder.application = owner ? owner->program : name;
    holder.processId = owner ? owner->process : 0;
    holder.hostName = owner ? owner->host : found.value(QLatin1String("host")).toString();
    holder.userName = found.value(QLatin1String("user")).toString();
    if (const double since = found.value(QLatin1String("since")).toDouble(); since > 0)
        holder.since = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(since * 1000));
    holder.liveness = Liveness::Alive; // its session lives, or it would not hold
    const bool isShared = found.value(QLatin1String("mode")).toString() == SharedMode;
    holder.mode = isShared ? LockMode::Shared : LockMode::Exclusive;
    return holder;
}

} // namespace

QList<LockHolder> holdersIn(const QString &answer)
{
    QList<LockHolder> holders;
    for (const auto &found : QJsonDocument::fromJson(answer.toUtf8()).array())
        holders += holderFrom(found.toObject());
    return holders;
}

} // namespace Holdfast
