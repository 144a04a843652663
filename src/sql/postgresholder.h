// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include <QtCore/qstring.h>

namespace Holdfast {

/** Asks who has had the lock @p key for longest: an expression for one row. */
QString holderExpression(qint64 key);

/** What the server has answered. */
LockHolder holderIn(const QString &answer);

} // namespace Holdfast
