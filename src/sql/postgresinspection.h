// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockinspection.h>

#include "engine/attempt.h"
#include "sql/serveraddress.h"

namespace Holdfast {

/** Who holds a lock on a server, or why that is not known. */
struct ServerHolders
{
    QList<LockHolder> holders = {};
    Failure failure = {};
};

/** Asks the server who has the lock @p key, and waits at most @p patience. */
ServerHolders holdersOnServer(const ServerAddress &address, qint64 key, std::chrono::milliseconds patience);

/** The same, as one sees the files of other locks. */
LockInspection inspectServer(const ServerAddress &address, qint64 key);

} // namespace Holdfast
