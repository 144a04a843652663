// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "sql/serveraddress.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace Holdfast {

class PostgresSession;

/** The sessions of this process, one for each address; those of a parent process are its own business. Any thread. */
class PostgresSessions
{
public:
    static PostgresSessions &instance();

    /** The one that is known, or what @p make makes. */
    std::shared_ptr<PostgresSession> at(const ServerAddress &address,
                                        const std::function<std::shared_ptr<PostgresSession>()> &make);

    void forget(const PostgresSession *session); ///< the next one gets another

    /** As forget(), unless somebody uses it: somebody besides this table and its own thread. */
    bool forgetUnused(const std::shared_ptr<PostgresSession> &session);

    /** Before the process ends, and takes away what the sessions' threads stand on. Not for long: a server may hang. */
    void endAll();

    /** For a thread that comes back from its server, which may have taken longer than endAll() waits: then it would stand on what is
        being taken away, and stays where it is. (The driver's own objects do not outlive that, either; not even their ends do.) */
    void stayIfTheProcessEnds() const;

private:
    std::mutex m_mutex;
    std::map<ServerAddress, std::shared_ptr<PostgresSession>> m_sessions;
    std::vector<std::weak_ptr<PostgresSession>> m_all; ///< also those that have been forgotten, whose threads still run
    std::atomic<bool> m_hasEnded{false};
};

} // namespace Holdfast
