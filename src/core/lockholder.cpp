// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/lockholder.h>

namespace Holdfast {

bool LockHolder::isValid() const
{
    return processId != 0 || !userName.isEmpty() || !hostName.isEmpty();
}

QString LockHolder::toString() const
{
    if (!isValid())
        return QStringLiteral("nobody");
    const QString program = application.isEmpty() ? QStringLiteral("a program") : application;
    QString text = program;
    if (processId != 0)
        text += QStringLiteral(" (pid %1").arg(processId);
    if (!userName.isEmpty())
        text += (processId != 0 ? QStringLiteral(", user ") : QStringLiteral(" (user ")) + userName;
    if (processId != 0 || !userName.isEmpty())
        text += u')';
    return text;
}

} // namespace Holdfast
