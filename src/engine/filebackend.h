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
    std::string path = {}; ///< in the filesystem's encoding; may be relative
    os::LockStrength strength = os::LockStrength::Exclusive;
    std::optional<unsigned> permissions = {}; ///< exactly these once held; nothing: 0666 less the umask at creation
    bool clear = false;                       ///< empty the file once held
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

    Attempt attempt() override;
    Attempt attemptBriefly() override;
    void stopTrying() override;
    std::optional<Failure> release() override;
    void drop() override;
    void abandon() override;
    bool isIntact() override;
    os::FileIdentity identity() const override { return m_identity; }
    std::intptr_t watchable() const override { return m_file.descriptor(); }
    LockHolder holder() const override;
    QString name() const override;

private:
    std::optional<Attempt> open();
    std::optional<Attempt> lockOnce();
    std::optional<Failure> prepare();
    std::optional<Failure> runHook();
    Attempt fail(const os::SystemError &error);

    const FileBackendOptions m_options;
    std::string m_path; ///< absolute, so that a chdir during the hold changes nothing
    os::LockFile m_file;
    os::FileIdentity m_identity;
    bool m_seenGood = false; // a regular file has been there: not looked before each opening, which would cost a call
    int m_vanished = 0;      // how often this attempt could neither open nor create the file
};

} // namespace Holdfast
