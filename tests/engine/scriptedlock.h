// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/abstractlock_p.h"
#include "engine/backend.h"

#include <holdfast/abstractlock.h>

#include <QtCore/qsemaphore.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace Holdfast::Testing {

constexpr std::uint64_t ScriptedDisk = 1; ///< what scripted locks lie on

/** What a scripted backend answers, and what it was asked. Any thread. */
struct Script
{
    static constexpr int Always = 1 << 30;

    std::atomic<int> busy{0};            ///< so many attempts find it busy
    std::atomic<int> failing{0};         ///< and so many after them fail
    std::atomic<int> failingReleases{0}; ///< so many releases fail
    std::atomic<bool> intact{true};
    std::atomic<bool> stalled{false};   ///< each attempt waits for a go
    std::atomic<std::uint64_t> file{1}; ///< what it contends for
    QSemaphore go;
    std::function<void(int)> onAttempt; ///< called with its number inside every attempt

    std::function<void()> onRelease;      ///< and this inside every release
    std::function<void()> onDrop;         ///< and this inside every drop of what was held
    std::function<LockHolder()> onHolder; ///< who has it; called on any thread
    Watchable watched;                    ///< set before it is used
    std::atomic<bool> quick{false};
    QThreadPool *builtInPool = nullptr; ///< the same

    std::atomic<int> attempts{0};
    std::atomic<int> waitingForGo{0};
    std::atomic<int> releases{0};
    std::atomic<int> drops{0}; ///< of what was held
    std::atomic<int> stops{0};
    std::atomic<int> checks{0}; ///< whether it is intact
    std::atomic<bool> held{false};
    std::atomic<int> overlaps{0}; ///< two threads inside at once: forbidden
    std::atomic<int> inside{0};

    void note(std::thread::id thread)
    {
        const std::scoped_lock lock(mutex);
        threads.push_back(thread);
    }
    std::vector<std::thread::id> attemptThreads()
    {
        const std::scoped_lock lock(mutex);
        return threads;
    }

private:
    std::mutex mutex;
    std::vector<std::thread::id> threads;
};

class ScriptedBackend final : public Backend
{
public:
    explicit ScriptedBackend(std::shared_ptr<Script> script) : m_script(std::move(script)) { }

    Attempt attempt(LockMode) override
    {
        const Inside inside(*m_script);
        m_script->note(std::this_thread::get_id());
        const int number = ++m_script->attempts;
        if (m_script->onAttempt)
            m_script->onAttempt(number);
        if (m_script->stalled) {
            ++m_script->waitingForGo;
            m_script->go.acquire();
            --m_script->waitingForGo;
        }
        if (m_script->held || takeOne(m_script->busy))
            return Attempt::busy();
        if (takeOne(m_script->failing))
            return Attempt::failed({LockError::System, QStringLiteral("The script says so.")});
        m_script->held = m_mine = true;
        return Attempt::acquired();
    }

    void stopTrying() override
    {
        const Inside inside(*m_script);
        ++m_script->stops;
    }

    std::optional<Failure> release() override
    {
        const Inside inside(*m_script);
        ++m_script->releases;
        if (m_script->onRelease)
            m_script->onRelease();
        if (takeOne(m_script->failingReleases))
            return Failure{LockError::System, QStringLiteral("The release fails as scripted.")};
        m_script->held = m_mine = false;
        return std::nullopt;
    }

    void drop() override
    {
        const Inside inside(*m_script);
        if (std::exchange(m_mine, false)) {
            ++m_script->drops;
            if (m_script->onDrop)
                m_script->onDrop();
            m_script->held = false;
        }
    }

    void abandon() override { m_mine = false; }
    LossReason inspect() override
    {
        ++m_script->checks;
        return m_script->intact ? LossReason::None : LossReason::Replaced;
    }
    os::FileIdentity identity() const override { return {ScriptedDisk, m_script->file}; }
    Watchable watchable() const override { return m_script->watched; }
    bool isQuick() const override { return m_script->quick; }
    LockHolder holder() const override { return m_script->onHolder ? m_script->onHolder() : LockHolder(); }

private:
    struct Inside
    {
        explicit Inside(Script &script) : m_of(script)
        {
            if (++m_of.inside > 1)
                ++m_of.overlaps;
        }
        ~Inside() { --m_of.inside; }
        Inside(const Inside &) = delete;
        Inside &operator=(const Inside &) = delete;
        Script &m_of;
    };

    static bool takeOne(std::atomic<int> &count)
    {
        int now = count;
        while (now > 0 && !count.compare_exchange_weak(now, now - 1)) {
        }
        return now > 0;
    }

    const std::shared_ptr<Script> m_script;
    bool m_mine = false;
};

class ScriptedLockPrivate final : public AbstractLockPrivate
{
public:
    explicit ScriptedLockPrivate(const std::shared_ptr<Script> &script)
    {
        core->options.builtInPool = script->builtInPool;
        core->setBackendFactory([script](const LockOptions &) { return std::make_unique<ScriptedBackend>(script); });
    }
    QString name() const override { return QStringLiteral("the scripted lock"); }
};

/** A whole lock, with its signals and verbs, on a backend that does what the test says. */
class ScriptedLock : public AbstractLock
{
public:
    explicit ScriptedLock(std::shared_ptr<Script> script = std::make_shared<Script>())
        : AbstractLock(std::make_unique<ScriptedLockPrivate>(script), nullptr), m_script(std::move(script))
    {
        const auto note = [this](const char *what) { return [this, what] { m_endings += QLatin1String(what); }; };
        connect(this, &AbstractLock::acquired, this, note("acquired"));
        connect(this, &AbstractLock::timedOut, this, note("timedOut"));
        connect(this, &AbstractLock::cancelled, this, note("cancelled"));
        connect(this, &AbstractLock::errorOccurred, this, note("errorOccurred"));
    }

    Script &script() { return *m_script; }
    const std::shared_ptr<Script> &sharedScript() const { return m_script; }

    /** The endings so far, in order. Only for locks that one thread uses. */
    const QStringList &endings() const { return m_endings; }
    LockHolder holder() const override { return {}; }

private:
    const std::shared_ptr<Script> m_script;
    QStringList m_endings;
};

} // namespace Holdfast::Testing
