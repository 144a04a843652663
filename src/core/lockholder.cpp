// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/lockholder.h>

#include "engine/sidecar.h"

#include <QtCore/qstringlist.h>

namespace Holdfast {

bool LockHolder::isValid() const
{
    return processId != 0 || !userName.isEmpty() || !hostName.isEmpty() || !fullName.isEmpty();
}

bool LockHolder::isOwnUser() const
{
    return !userName.isEmpty() && userName == ownUserName();
}

QString LockHolder::toString() const
{
    if (!isValid())
        return QStringLiteral("nobody");
    QStringList facts;
    if (processId != 0)
        facts += QStringLiteral("pid %1").arg(processId);
    if (!userName.isEmpty())
        facts += QStringLiteral("user ") + userName;
    if (!fullName.isEmpty())
        facts += fullName;
    const QString program = application.isEmpty() ? QStringLiteral("a program") : application;
    return facts.isEmpty() ? program : QStringLiteral("%1 (%2)").arg(program, facts.join(QStringLiteral(", ")));
}

} // namespace Holdfast
