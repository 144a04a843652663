// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractlock.h>

#include <QtCore/qstring.h>
#include <QtSql/qsqldatabase.h>

#include <memory>

/** Makes a lock of the kind that is called @p kind ("file") on @p path; null when there is no such kind. */
std::unique_ptr<Holdfast::AbstractLock> makeLock(const QString &kind, const QString &path);

/** The server of the kind "postgres-rw": HOLDFAST_POSTGRES in the environment, as postgresql://user@host:port/database, or
    ...:port/database?host=DIRECTORY of its socket. */
const QSqlDatabase &postgresConnection();
