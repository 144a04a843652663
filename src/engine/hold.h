// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/backend.h"
#include "engine/holdanswers.h"
#include "engine/observer.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QThreadPool)

namespace Holdfast {

class LockCore;
class Mailbox;
class Wakeable;

/**
 * One thread's hold of one lock (or that of all threads): depth, backend, who waits for it.
 *
 * Rules. 1: m_mutex guards all members and is never held during a system call. 2: the backend belongs to whoever has set
 * m_use, and only he calls it. 3: whoever is refused because of m_use is woken when it becomes Free.
 */
class Hold : public std::enable_shared_from_this<Hold>
{
public:
    Hold(std::shared_ptr<LockCore> core, std::thread::id owner);
    ~Hold();
    const std::shared_ptr<LockCore> &core() const { return m_core; }
    std::thread::id owner() const { return m_owner; } ///< the thread it is for; none: for all
    HoldFacts facts() const;

    /** What has changed since this was last asked; nothing when nothing has. */
    std::optional<std::pair<HoldFacts, HoldFacts>> takeChange();

    Attempt tryNow(LockMode mode); ///< one attempt in this thread, or one level more
    /** One level more if held; the first if an attempt has succeeded already; refused if held in another mode. */
    std::optional<Attempt> deepen(LockMode mode);

    /** As tryNow(); nothing when another attempt is under way. Then all waiters are woken after it. */
    std::optional<Attempt> tryUnlessInUse(LockMode mode);
    /** One attempt whose success stays parked until somebody takes it by deepen(). False: busy, nothing new. */
    bool look(Look look, LockMode mode);

    /** Where the next attempt is to be made; null: in the calling thread. */
    QThreadPool *poolForAttempts() const;

    /** As look(), on the thread pool; @p done gets the answer there. */
    Start lookOnPool(QThreadPool *pool, LockMode mode, const std::function<void(Attempt)> &done);
    ReleaseAnswer release(bool allLevels);
    bool verify(); ///< looks at the disk whether it is still held, and loses it when it is not

    /** Whether this thread is inside the backend right now: a hook of the lock's user that comes back to the lock. */
    bool isInMyHands() const;

    void addWaiter(const std::shared_ptr<Wakeable> &waiter), removeWaiter(const Wakeable *waiter);
    void countPending(int difference); ///< acquisitions under way
    std::vector<std::shared_ptr<Wakeable>> waiters() const;

    /** For waiters between attempts: what to watch, and what it is that they contend for. */
    Watchable watchable() const;
    os::FileIdentity contested() const;
    std::chrono::milliseconds retryIn() const { return m_retryIn; } ///< as the last attempt suggests; 0: it does not

    QString name() const;                                 ///< for messages
    QString token() const;                                ///< of what is held, see Backend::token()
    LossReason lossReason() const, overdueReason() const; ///< of the last hold; of this one, if it is not renewed
    Failure failure() const;                              ///< why this thread's last operation failed
    bool setFailure(Failure failure);                     ///< true when it is another than before

    bool isHeldBy(std::thread::id thread, const os::FileIdentity &identity) const;

    // For the steward. A serial names one physical hold; 0: not held. The disk is that of the hold's file, see Errands.
    std::uint64_t serial() const, disk() const;
    Watchable arm(std::uint64_t serial); ///< what to watch for this hold, until the steward is told to disarm
    bool beginEnd(std::uint64_t serial, LossReason reason); ///< never waits
    void endIsOverdue(std::uint64_t serial);                ///< neither does this

    // Errands: these may take as long as the disk does.
    void renew(std::uint64_t serial), finishEnd(),
        checkIntact(std::uint64_t serial, LossReason (Backend::*asking)() = &Backend::inspect);

    void close(), threadEnded(), abandon(); ///< the lock object goes; the thread; in the child of a fork

private:
    using Lock = std::unique_lock<std::mutex>;
    enum class Use {
        Free,
        InPlace,  ///< some thread calls the backend, and will be done in a moment
        OnPool,   ///< a thread of the pool does, and may take its time
        Leaving,  ///< the same, to give the lock back
        Renewing, ///< the errands' thread is at work on what is held, or will be, and may take its time
        Parked    ///< an attempt has succeeded; the success is for whoever comes first
    };

    Start borrow(Use use, LockMode mode);
    bool borrowForSteward(std::uint64_t serial, Lock &lock);
    Attempt attempt(Look look = Look::Thorough);
    void settle(bool acquired), park(), becomeHeld(), becomeFree(Lock &lock), stopTryingIfIdle(Lock &lock);
    void dropParkedIfUnwanted(Lock &lock), dropNow(Lock &lock);
    void beginUpkeep(const Upkeep &upkeep), appoint(), forgetBySteward();
    bool dropIfGivenUp(std::uint64_t serial, Lock &lock);
    using News = std::pair<std::shared_ptr<Mailbox>, LossReason>; // of a loss: who hears it, and why; None: no news
    News takeNews();
    void lose(LossReason reason, Lock &lock), markLost(LossReason reason), letGo(Lock &lock), tell(const News &news);
    ReleaseAnswer releaseOnPool(Lock &lock, QThreadPool *pool, const std::shared_ptr<Mailbox> &mailbox);
    HoldFacts factsLocked() const;
    std::vector<std::shared_ptr<Wakeable>> waitersLocked() const;

    const std::shared_ptr<LockCore> m_core; // a cycle, which LockCore::close() breaks
    const std::thread::id m_owner;
    std::shared_ptr<Mailbox> m_mailbox, m_releasedTo; // of who holds or held it; of who hears that a renewal let it go
    mutable std::mutex m_mutex;
    std::condition_variable m_freed;
    std::unique_ptr<Backend> m_backend;
    std::atomic<Backend *> m_abandonable{nullptr}; // the same, for the fork handler, which cannot wait for a mutex
    unsigned m_backendVersion = 0;
    Use m_use = Use::Free;
    std::thread::id m_user; // who has set m_use to InPlace
    bool m_someoneRefused = false;
    bool m_closed = false;
    Tending m_tending;
    LockMode m_mode = LockMode::Exclusive; // of what is held, parked or tried
    std::atomic<std::chrono::milliseconds> m_retryIn{std::chrono::milliseconds(0)};
    int m_depth = 0;
    int m_pending = 0;
    int m_lostLevels = 0; // releases still to come for a hold that was lost: no misuse
    std::uint64_t m_serial = 0;
    std::uint64_t m_lastSerial = 0;
    std::thread::id m_holdingThread;
    os::FileIdentity m_identity;
    HoldFacts m_reported;
    std::vector<std::weak_ptr<Wakeable>> m_waiters;
    Failure m_failure;
    LossReason m_lossReason = LossReason::None;
    std::atomic<bool> m_hasFailure{false}; // so that success after success needs no mutex to say so
};

} // namespace Holdfast
