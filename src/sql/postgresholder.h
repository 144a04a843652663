// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

namespace Holdfast {

/** Asks who has the lock @p key, first who has had his session for longest: an expression for one row. */
QString holdersExpression(qint64 key);

/** Asks whether this session has the lock @p key: an expression that is true or false. */
QString isHeldExpression(qint64 key, LockMode mode);

/** What the server has answered. */
QList<LockHolder> holdersIn(const QString &answer);

} // namespace Holdfast
