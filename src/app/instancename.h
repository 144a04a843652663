// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "app/instancesettings.h"

#include <QtCore/qbytearray.h>

namespace Holdfast {

/**
 * What the files of @p key are called, without their endings: a few letters of it for people, and 128 bits of SHA-256 over all of
 * it, the scope and @p session. So every name is short, and no two keys share one. Never changes: programs of several versions meet.
 */
QByteArray instanceName(const QString &key, SingleInstance::Scope scope, const QByteArray &session);

/** What tells this login of the user from others; empty: nothing does. */
QByteArray sessionName();

/** The key of a program that gives none; empty without an application object. */
QString applicationKey();

} // namespace Holdfast
