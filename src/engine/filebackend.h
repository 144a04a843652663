// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/backend.h"
#include "os/lockfile.h"

#include <functional>
#include <optional>
#include <string>

namespace Holdfast {

/** How a FileBackend treats its file. */
struct FileBackendOptions
{
    std::string path = {};                    ///< in the filesystem's encoding; may be relative
    std::optional<unsigned> permissions = {}; ///< exactly these once held; nothing: 0666 less the umask at creation
    bool clear = false;                       ///< empty the file once held, unless mayBeCleared() says no
    bool givesWay = false; ///< where the system cannot lock, remove the empty file: a soft lock comes in its place
    std::function<std::optional<QString>(std::intptr_t)> heldHook = {};
};

/**
 * `flock(2)` on a kept file. The protocol is shared with flock(1) and Python's filelock: open without truncation, lock,
 * and believe the lock only if the path still names the file that was locked.
 */
class FileBackend final : public Backend
{
public:
    explicit FileBackend(FileBackendOptions options);

    Attempt attempt(LockMode mode) override;
    Attempt attemptBriefly(LockMode mode) override;
    void stopTrying() override;
    std::optional<Failure> release() override;
    void drop() override;
    void abandon() override;
    LossReason inspect() override;
    LossReason verify() override;
    Upkeep upkeep() const override;
    Renewal renew() override;
    os::FileIdentity identity() const override { return m_identity; }
    Watchable watchable() const override { return {m_file.descriptor(), m_opening}; }
    LockHolder holder() const override;
    QString name() const override;

private:
    void setMode(LockMode mode);
    std::optional<Attempt> open();
    std::optional<Attempt> identify();
    Attempt failToLock(const os::SystemError &error);
    std::optional<Attempt> lockOnce();
    std::optional<Failure> prepare();
    os::Status clear();
    std::optional<Failure> runHook();
    Attempt fail(const os::SystemError &error);

    const FileBackendOptions m_options;
    std::string m_path; ///< absolute, so that a chdir during the hold changes nothing
    os::LockFile m_file;
    os::FileIdentity m_identity;
    os::LockStrength m_strength = os::LockStrength::Exclusive;
    std::uint64_t m_opening = 0;
    std::uint64_t m_device = 0;    // on which it lay last; and there
    bool m_mayBeTakenBack = false; // by a server
    bool m_seenGood = false; // a regular file has been there: not looked before each opening, which would cost a call
    int m_vanished = 0;      // how often this attempt could neither open nor create the file
};

} // namespace Holdfast
