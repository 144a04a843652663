// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgressessions.h"

#include "engine/fork.h"
#include "sql/postgressession.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace Holdfast {

namespace {

struct Generation
{
    PostgresSessions sessions;
    const unsigned number = forkGeneration();
};

std::atomic<Generation *> s_current{nullptr};

// All sessions together, at the end of the process.
constexpr std::chrono::milliseconds EndTime{200};

} // namespace

PostgresSessions &PostgresSessions::instance()
{
    Generation *current = s_current.load();
    while (!current || current->number != forkGeneration()) {
        auto *created = new Generation; // never destroyed: its threads may be at work when the process ends
        if (s_current.compare_exchange_strong(current, created))
            current = created;
        else
            delete created;
    }
    return current->sessions;
}

std::shared_ptr<PostgresSession> PostgresSessions::at(const ServerAddress &address,
                                                      const std::function<std::shared_ptr<PostgresSession>()> &make)
{
    const std::scoped_lock lock(m_mutex);
    std::shared_ptr<PostgresSession> &session = m_sessions[address];
    if (!session && (session = make())) {
        std::erase_if(m_all, [](const auto &known) { return known.expired(); });
        m_all.push_back(session);
    }
    return session;
}

void PostgresSessions::forget(const PostgresSession *session)
{
    std::shared_ptr<PostgresSession> last; // outlives the mutex
    const std::scoped_lock lock(m_mutex);
    const auto found = std::find_if(m_sessions.begin(), m_sessions.end(),
                                    [=](const auto &entry) { return entry.second.get() == session; });
    if (found == m_sessions.end())
        return;
    last = std::move(found->second);
    m_sessions.erase(found);
}

bool PostgresSessions::forgetUnused(const std::shared_ptr<PostgresSession> &session)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_sessions.find(session->address());
    const bool isKnown = found != m_sessions.end() && found->second == session;
    if (session.use_count() > (isKnown ? 2 : 1))
        return false;
    if (isKnown)
        m_sessions.erase(found);
    return true;
}

void PostgresSessions::stayIfTheProcessEnds() const
{
    while (m_hasEnded)
        std::this_thread::sleep_for(std::chrono::hours(1));
}

void PostgresSessions::endAll()
{
    std::vector<std::shared_ptr<PostgresSession>> all;
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto &known : m_all) {
            if (auto session = known.lock())
                all.push_back(std::move(session));
        }
    }
    for (const auto &session : all)
        session->askToEnd();
    const auto deadline = std::chrono::steady_clock::now() + EndTime;
    for (const auto &session : all) {
        const auto left = deadline - std::chrono::steady_clock::now();
        session->waitForEnd(std::max(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(0)));
    }
    m_hasEnded = true;
}

} // namespace Holdfast
