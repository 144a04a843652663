// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "otherprocess.h"
#include "postgresserver.h"

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qelapsedtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <chrono>
#include <memory>

using Holdfast::LockError;
using Holdfast::LockMode;
using Holdfast::LockState;
using Holdfast::LossReason;
using Holdfast::ReadWriteLock;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr int Patience = 30000;    ///< ms; only a hang takes that long
constexpr milliseconds Never = 1h; ///< a poll interval that no test lives to see

const auto Name = QStringLiteral("a lock");

/** What every test program does first: a server in @p server, or a skip. */
#define START_SERVER_OR_SKIP(server, ...) \
    if (const QString why = PostgresServer::whyNot(); !why.isEmpty()) \
        QSKIP(qPrintable(why)); \
    (server) = std::make_unique<PostgresServer>(__VA_ARGS__); \
    qputenv("HOLDFAST_POSTGRES", (server)->url().toUtf8())

/** Another process's lock of the same name on the server. */
inline std::unique_ptr<OtherProcess> otherProcess(const QString &name = Name)
{
    return std::make_unique<OtherProcess>(QStringLiteral("postgres-rw"), name);
}

/** How many sessions our programs have on @p server. */
inline int sessionsOn(const PostgresServer &server)
{
    return server
        .ask(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%(holdfast %'"))
        .toInt();
}
