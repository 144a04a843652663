// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/ownerfiles.h>
#include <holdfast/lockinspection.h>

#include <QtCore/qjsonobject.h>
#include <QtCore/qstring.h>

namespace Holdfast::Cli {

/** What `status --json` says: one line with one object, whose keys holdfast.1 promises. */
QString inspectionJson(const QString &file, const LockInspection &inspection, const OwnerFileList &owners);

/** Its pieces. */
QJsonObject holderObject(const LockHolder &holder);
QJsonValue textOrNull(const QString &text);
QJsonValue timeOrNull(const QDateTime &time);

} // namespace Holdfast::Cli
