// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/lockcore.h"

#include "engine/fork.h"
#include "engine/logging.h"
#include "engine/registry.h"
#include "engine/steward.h"
#include "engine/wakeable.h"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

namespace Holdfast {

namespace {

std::thread::id ownerFor(ThreadScope scope)
{
    return scope == ThreadScope::Shared ? std::thread::id() : std::this_thread::get_id();
}

} // namespace

LockCore::LockCore(Observer *observer) : m_observer(observer), m_generation(forkGeneration())
{
    prepareForForks();
}

std::shared_ptr<Hold> LockCore::existingHold() const
{
    const std::thread::id owner = ownerFor(options.threadScope);
    const std::scoped_lock lock(m_mutex);
    const auto found =
        std::find_if(m_holds.begin(), m_holds.end(), [owner](const auto &hold) { return hold->owner() == owner; });
    return found == m_holds.end() ? nullptr : *found;
}

std::shared_ptr<Hold> LockCore::hold()
{
    if (auto existing = existingHold()) [[likely]]
        return existing;
    auto created = std::make_shared<Hold>(shared_from_this(), ownerFor(options.threadScope));
    Registry::instance().add(created);
    const std::scoped_lock lock(m_mutex);
    if (options.threadScope.load() == ThreadScope::Shared) { // another thread may have been faster
        for (const auto &hold : m_holds) {
            if (hold->owner() == created->owner())
                return hold;
        }
    }
    return m_holds.emplace_back(std::move(created));
}

std::vector<std::shared_ptr<Hold>> LockCore::holds() const
{
    const std::scoped_lock lock(m_mutex);
    return m_holds;
}

bool LockCore::isIdle() const
{
    const auto all = holds();
    return std::all_of(all.begin(), all.end(), [](const auto &hold) { return hold->facts().state == LockState::Idle; });
}

void LockCore::setBackendFactory(BackendFactory factory)
{
    const std::scoped_lock lock(m_mutex);
    m_factory = std::move(factory);
    ++m_backendVersion;
}

MadeBackend LockCore::makeBackend() const
{
    BackendFactory factory;
    {
        const std::scoped_lock lock(m_mutex);
        factory = m_factory;
    }
    return factory(options); // may ask the disk
}

void LockCore::forgetThread(std::thread::id thread)
{
    std::vector<std::shared_ptr<Hold>> gone;
    {
        const std::scoped_lock lock(m_mutex);
        const auto isTheirs = [thread](const auto &hold) { return hold->owner() == thread; };
        std::copy_if(m_holds.begin(), m_holds.end(), std::back_inserter(gone), isTheirs);
        std::erase_if(m_holds, isTheirs);
    }
    for (const auto &hold : gone)
        hold->threadEnded();
}

void LockCore::reportChange(Hold &hold)
{
    const auto change = hold.takeChange();
    Steward::instance().tellTrouble();
    if (change)
        qCDebug(lcHoldfast) << hold.name() << change->first.state << "->" << change->second.state << "depth"
                            << change->second.depth;
    Observer *face = observer();
    if (change && face)
        face->changed(change->first, change->second);
}

void LockCore::reportRelease(Hold &hold, const std::optional<Failure> &failure)
{
    reportChange(hold);
    if (Observer *face = observer())
        failure ? face->releaseFailed(failure->error) : face->released();
}

void LockCore::reportLoss(Hold &hold, LossReason reason)
{
    reportChange(hold);
    if (Observer *face = observer())
        face->lost(reason);
}

void LockCore::reportEnding(Hold &hold, Outcome outcome)
{
    reportChange(hold);
    if (Observer *face = observer())
        face->ended(outcome);
}

void LockCore::close()
{
    m_observer.store(nullptr, std::memory_order_release);
    if (isInherited())
        return;
    std::vector<std::shared_ptr<Hold>> all;
    {
        std::unique_lock lock(m_mutex);
        m_visitEnded.wait(lock, [this] { // but for our own: a handler may destroy the lock
            return std::count(m_visitors.begin(), m_visitors.end(), std::this_thread::get_id())
                   == std::ssize(m_visitors);
        });
        all.swap(m_holds);
    }
    for (const auto &hold : all) {
        hold->close();
        for (const auto &waiter : hold->waiters())
            waiter->wake(); // it finds the lock gone, and goes
    }
}

LockCore::Visit::Visit(LockCore &core) : m_core(core)
{
    const std::scoped_lock lock(m_core.m_mutex);
    m_core.m_visitors.push_back(std::this_thread::get_id());
}

LockCore::Visit::~Visit()
{
    const std::scoped_lock lock(m_core.m_mutex);
    auto &all = m_core.m_visitors;
    all.erase(std::find(all.begin(), all.end(), std::this_thread::get_id()));
    m_core.m_visitEnded.notify_all();
}

QString LockCore::name()
{
    const Visit visit(*this);
    const Observer *face = observer();
    return face ? face->name() : QString();
}

bool LockCore::isInherited() const
{
    return m_generation != forkGeneration();
}

} // namespace Holdfast
