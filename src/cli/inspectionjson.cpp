// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/inspectionjson.h"

#include "cli/inspectiontext.h"
#include "cli/ownerfilewords.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <chrono>

namespace Holdfast::Cli {

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonValue timeOrNull(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

QJsonObject holderObject(const LockHolder &holder)
{
    return {{QStringLiteral("pid"), holder.processId ? QJsonValue(holder.processId) : QJsonValue()},
            {QStringLiteral("program"), textOrNull(holder.application)},
            {QStringLiteral("user"), textOrNull(holder.userName)},
            {QStringLiteral("host"), textOrNull(holder.hostName)}};
}

namespace {

QJsonObject entryObject(const LockEntry &entry)
{
    const LockHolder &holder = entry.holder;
    QJsonObject object = holderObject(holder);
    const double lease = std::chrono::duration<double>(holder.leaseDuration).count();
    const QDateTime &sign = entry.renewed.isValid() ? entry.renewed : holder.since;
    const double age = static_cast<double>(sign.msecsTo(QDateTime::currentDateTimeUtc())) / 1000;
    object[u"family"] = familyWord(entry.family);
    object[u"role"] = roleWord(entry.role);
    object[u"mode"] = modeWord(holder.mode);
    object[u"liveness"] = livenessWord(holder.liveness);
    object[u"since"] = timeOrNull(holder.since);
    object[u"renewed"] = timeOrNull(entry.renewed);
    object[u"age"] = sign.isValid() ? QJsonValue(std::max(0.0, age)) : QJsonValue();
    object[u"lease"] = lease > 0 ? QJsonValue(lease) : QJsonValue();
    object[u"token"] = textOrNull(holder.token);
    object[u"name"] = textOrNull(entryName(entry));
    object[u"remark"] = textOrNull(entry.remark);
    return object;
}

} // namespace

QString inspectionJson(const QString &file, const LockInspection &inspection, const OwnerFileList &owners)
{
    QJsonArray holders;
    for (const LockEntry &entry : inspection.entries)
        holders += entryObject(entry);
    const bool held = inspection.isHeld();
    const LockHolder first = inspection.holder();
    const QJsonObject object{
        {QStringLiteral("file"), file},
        {QStringLiteral("family"), textOrNull(familyWord(inspection.family))},
        {QStringLiteral("state"), stateWord(inspection, owners)},
        {QStringLiteral("held"), held},
        {QStringLiteral("mode"), held ? QJsonValue(modeWord(first.mode)) : QJsonValue()},
        {QStringLiteral("holder"), held ? QJsonValue(holderObject(first)) : QJsonValue()},
        {QStringLiteral("holders"), holders},
        {QStringLiteral("remarks"), QJsonArray::fromStringList(inspection.remarks)},
        {QStringLiteral("owner_files"), ownerFilesJson(owners)},
    };
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)) + u'\n';
}

} // namespace Holdfast::Cli
