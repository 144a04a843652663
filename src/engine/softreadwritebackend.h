// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/backend.h"
#include "engine/lockcore.h"
#include "engine/readwriteownmarker.h"
#include "engine/readwriterival.h"
#include "engine/softbackend.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace Holdfast {

/** How often a marker is refreshed, and how old it is when it is anybody's. All users of a lock agree on the second. */
struct ReadWriteTerms
{
    std::chrono::milliseconds heartbeat{30'000};
    std::chrono::milliseconds staleThreshold{90'000};
};

/** The files of the soft read/write lock on @p path, which itself is never made. */
struct ReadWritePaths
{
    explicit ReadWritePaths(const std::string &path)
        : lock(path), state(path + ".state"), write(path + ".write"), readers(path + ".readers"), newer(path + ".rw")
    { }
    std::string lock;
    std::string state;   ///< a soft lock, held for the moments in which the others are looked at and changed
    std::string write;   ///< the marker of the writer, be he waiting for the readers to leave
    std::string readers; ///< the directory of the markers of the readers
    std::string newer;   ///< see keepNewerOut()
};

/**
 * The soft read/write lock of Python's filelock. A reader makes a marker of his own unless there is a writer's; a writer makes
 * his, which keeps new readers out, and then waits until the readers have left.
 */
class SoftReadWriteBackend final : public Backend
{
public:
    SoftReadWriteBackend(std::string path, ReadWriteTerms terms);
    ~SoftReadWriteBackend() override;

    Attempt attempt(LockMode mode) override;
    void stopTrying() override;
    std::optional<Failure> release() override;
    void drop() override;
    void abandon() override;
    LossReason inspect() override;
    Upkeep upkeep() const override;
    Renewal renew() override;
    os::FileIdentity identity() const override;
    Watchable watchable() const override;
    QString token() const override;
    LockHolder holder() const override;
    QString name() const override;

private:
    using Obstacle = std::optional<Attempt>; // nothing: the attempt goes on

    Obstacle resolve();
    Attempt attemptRead();
    Attempt attemptWrite();
    Obstacle clearWriter(bool mayEvict);
    bool isWriterHidden() const;
    Obstacle clearReaders();
    Obstacle clear(const os::Directory &directory, const std::string &name, bool mayEvict);
    Obstacle handleNoFile(const std::string &name);
    Obstacle openReaders();
    Obstacle announce();
    Obstacle keepAnnounced();
    Attempt busy() const;
    std::string pathOf(const std::string &name) const; ///< of the writer's marker, or of a reader's

    Obstacle lockState();
    std::optional<Failure> unlockState();
    void withdraw();
    void removeForGood(const os::Directory &home);
    bool isSameReaders() const;
    const os::Directory &home() const { return m_reads ? m_readers : m_here; } // of our own marker
    const std::string &homePath() const { return m_reads ? m_paths->readers : m_paths->write; }

    const std::string m_path;
    const ReadWriteTerms m_terms;
    std::optional<ReadWritePaths> m_paths; // absolute, from the first attempt to the end
    LockOptions m_stateOptions;            // the soft lock below has no lifetime
    std::unique_ptr<SoftBackend> m_state;
    std::atomic<SoftBackend *> m_abandonable{nullptr};
    bool m_hasState = false;
    int m_stateBusy = 0; // attempts in a row that found it busy
    const os::Directory m_here = os::Directory::working();
    os::Directory m_readers = os::Directory::working();
    ReadWriteOwnMarker m_own;
    ReadWriteRival m_rival;
    bool m_reads = false;
    bool m_isHeld = false;
    bool m_hasWarned = false;
    std::chrono::nanoseconds m_refreshed{}; // when the last sign of life was sent, on Clock::boot()
};

} // namespace Holdfast
