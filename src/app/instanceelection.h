// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "app/instancedirectory.h"
#include "app/instancesettings.h"
#include "os/localsocket.h"

#include <holdfast/lockholder.h>

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace Holdfast {

class FileLock;

/** How a try to become the primary ended. */
enum class Claim { Won, Busy, Failed };

/**
 * Who is primary: whoever holds the lock on a file in the directory where the instances meet. The file stays, for ever.
 */
class InstanceElection : public QObject
{
    Q_OBJECT
public:
    explicit InstanceElection(const InstanceSettings &settings, QObject *parent = nullptr);
    ~InstanceElection() override;

    Claim claimNow(); ///< blocks no longer than the directory's disk

    /** Waits for the lock as long as @p timeout; -1 ms: for ever. Ends in claimed(), later. A second call before that is none. */
    void claim(std::chrono::milliseconds timeout);
    bool isClaiming() const { return m_isClaiming; }

    /** claim() that blocks the thread. */
    Claim claimWithin(std::chrono::milliseconds timeout);

    void letGo();

    const InstanceFailure &failure() const { return m_failure; }
    LockHolder holder() const;
    std::intptr_t descriptor() const; ///< of the lock; -1: it is not held

    /** Whether the lock, which is held, is still what others ask for. lost(): no more. */
    void verify();

    /** Where the primary's socket is. After a claim that has not Failed. */
    os::SocketPlace socketPlace() const;

    /** Whether nobody has put a file there that we must not trust. */
    InstanceFailure checkSocket() const;

Q_SIGNALS:
    void claimed(Holdfast::Claim claim);
    void lost(); ///< the lock file is another one now; nobody, or somebody else, may be primary

private:
    /** Which file it is: numbers are given anew, but never at a moment that has passed. */
    struct LockFileFacts
    {
        os::FileIdentity identity;
        std::int64_t made = 0; ///< nobody writes to it
        friend bool operator==(const LockFileFacts &, const LockFileFacts &) = default;
    };

    bool prepare();
    bool prepareName();
    Claim concluded(bool isLocked);
    Claim failed(const InstanceFailure &failure);
    void report(Claim claim);
    void settle();
    void ask();
    void conclude();
    bool yields();
    LockFileFacts lockFile() const;
    void keepPermissions() const;

    const InstanceSettings m_settings;
    QByteArray m_name;
    std::optional<InstanceDirectory> m_directory;
    std::unique_ptr<FileLock> m_lock;
    InstanceFailure m_failure;
    std::intptr_t m_descriptor = -1;
    bool m_isClaiming = false;
    std::chrono::milliseconds m_timeout{};
    bool m_standsBy = false; ///< claims for ever
    LockFileFacts m_known;   ///< the lock file of the primary that it waits for
    int m_yields = 0;        ///< how often it has left the lock to a primary that may still be there
    QTimer m_settled;        ///< until whoever has the lock is the primary
    QTimer m_pause;          ///< until it claims again
};

} // namespace Holdfast
