// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgressession.h"

#include "engine/backgroundwork.h"
#include "engine/logging.h"
#include "sql/postgresclerk.h"
#include "sql/postgressessions.h"
#include "sql/spin.h"

#include <QtCore/qabstracteventdispatcher.h>

#include <utility>
#include <vector>

namespace Holdfast {

namespace {

using std::chrono::milliseconds;

std::atomic<std::uint64_t> s_sessions{0};

} // namespace

PostgresSession::PostgresSession(ServerAddress address) : m_address(std::move(address)), m_number(++s_sessions) { }

std::shared_ptr<PostgresSession> PostgresSession::at(const ServerAddress &address)
{
    return PostgresSessions::instance().at(address, [&address]() -> std::shared_ptr<PostgresSession> {
        auto session = std::make_shared<PostgresSession>(address);
        return session->start() ? session : nullptr;
    });
}

// The thread is on its own: whoever ended it would have to wait for a server that may hang.
bool PostgresSession::start()
{
    return startInBackground("holdfast-sql", [self = shared_from_this()] { workFor(self); });
}

bool PostgresSession::post(Job job)
{
    const std::scoped_lock lock(m_mutex);
    if (m_hasEnded)
        return false;
    m_jobs.push_back(std::move(job));
    m_hasJobs.store(true, std::memory_order_release);
    if (m_isAtRest)
        call();
    return true;
}

// Whoever has got his lock gives it back soon, or so one hopes: to be called takes half as long as the server does.
bool PostgresSession::mayRest()
{
    if (m_hasWorked)
        spinUntil([this] { return m_hasJobs.load(std::memory_order_acquire); }, SpinTime);
    const std::scoped_lock lock(m_mutex);
    m_isAtRest = m_jobs.empty() && !m_isAskedToEnd;
    return m_isAtRest;
}

// With m_mutex locked.
void PostgresSession::call()
{
    if (m_dispatcher)
        m_dispatcher->wakeUp();
    m_called.notify_one();
}

void PostgresSession::enter(QAbstractEventDispatcher *dispatcher)
{
    const std::scoped_lock lock(m_mutex);
    m_dispatcher = dispatcher;
    call();
}

std::deque<PostgresSession::Job> PostgresSession::takeJobs()
{
    const std::scoped_lock lock(m_mutex);
    m_isAtRest = false;
    m_hasJobs.store(false, std::memory_order_relaxed);
    m_hasWorked = !m_jobs.empty();
    return std::exchange(m_jobs, {});
}

void PostgresSession::waitForJobs(milliseconds limit)
{
    std::unique_lock lock(m_mutex);
    m_isAtRest = true;
    m_called.wait_for(lock, limit, [this] { return !m_jobs.empty() || m_isAskedToEnd; });
}

bool PostgresSession::leave()
{
    const std::scoped_lock lock(m_mutex);
    if (!m_jobs.empty())
        return false;
    m_dispatcher = nullptr;
    m_hasEnded = true;
    return true;
}

void PostgresSession::end()
{
    const std::scoped_lock lock(m_mutex);
    m_isOver = true;
    m_ended.notify_all();
}

void PostgresSession::lose(const Failure &why)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_isLost)
            return;
        m_loss = why;
        m_isLost = true;
    }
    PostgresSessions::instance().forget(this);
    qCDebug(lcHoldfast).noquote() << why.text;
    ring(); // who holds is told at once, who waits takes the next session
}

Failure PostgresSession::loss() const
{
    const std::scoped_lock lock(m_mutex);
    return m_loss;
}

std::shared_ptr<Bell> PostgresSession::bellFor(qint64 key)
{
    const std::scoped_lock lock(m_mutex);
    std::weak_ptr<Bell> &known = m_bells[key];
    std::shared_ptr<Bell> bell = known.lock();
    if (!bell)
        known = bell = std::make_shared<Bell>();
    return bell;
}

void PostgresSession::ring(std::optional<qint64> key)
{
    std::vector<std::shared_ptr<Bell>> bells;
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto &[number, known] : m_bells) {
            if (auto bell = known.lock(); bell && (!key || key == number))
                bells.push_back(std::move(bell));
        }
        std::erase_if(m_bells, [](const auto &entry) { return entry.second.expired(); });
    }
    for (const auto &bell : bells)
        bell->ring();
}

void PostgresSession::askToEnd()
{
    const std::scoped_lock lock(m_mutex);
    m_isAskedToEnd = true;
    call();
}

bool PostgresSession::waitForEnd(milliseconds limit)
{
    std::unique_lock lock(m_mutex);
    return m_ended.wait_for(lock, limit, [this] { return m_isOver; });
}

} // namespace Holdfast
