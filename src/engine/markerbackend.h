// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/backend.h"
#include "engine/filesystemage.h"
#include "os/markerfile.h"
#include "os/markerreader.h"

#include <optional>
#include <string>

namespace Holdfast {

/** How a MarkerBackend treats its marker. */
struct MarkerBackendOptions
{
    std::string path = {};                    ///< in the filesystem's encoding; may be relative
    std::optional<unsigned> permissions = {}; ///< less the umask; nothing: 0666

    /** How old a file must be that is no marker at all before it is taken for a torn one and removed; negative: never. Two
        seconds in Python's filelock: its owner may be between creating and writing it. */
    std::chrono::milliseconds malformedGrace{2000};
};

/**
 * A lock by the existence of a file: who creates it, holds; its text says who. What the text means, and when its owner is
 * gone, is for those who derive.
 *
 * The file stays open during the hold: that pins its inode, so that what lies under the name can be told to be ours, and
 * closes it when the owner dies, which wakes waiters.
 */
class MarkerBackend : public Backend
{
public:
    explicit MarkerBackend(MarkerBackendOptions options);
    ~MarkerBackend() override;

    Attempt attempt(LockMode mode) override;
    Attempt attemptBriefly(LockMode mode) override;
    void stopTrying() override;
    std::optional<Failure> release() override;
    void drop() override;
    void abandon() override;
    LossReason inspect() override;
    Upkeep upkeep() const override { return {.since = m_since}; }
    os::FileIdentity identity() const override { return m_identity; }
    Watchable watchable() const override;
    QString name() const override;

protected:
    /** What somebody's marker means to a contender. */
    struct Verdict
    {
        enum Answer {
            Held,
            Stale,     ///< its owner is gone, or has had his time
            Malformed, ///< no marker at all, or not yet: stale after the grace
            Refused    ///< not ours to judge: another family's
        };
        Answer answer = Held;
        Failure failure = {}; ///< of Refused
    };

    virtual std::string record() = 0; ///< the text of a marker to come
    virtual Verdict judge(const os::MarkerContent &content) = 0;

    bool isOlderThan(std::chrono::nanoseconds age, const os::MarkerContent &content);
    const std::string &path() const { return m_path; } ///< absolute, known from the first attempt on
    const MarkerBackendOptions &options() const { return m_options; }
    os::MarkerFile &file() { return m_file; } ///< ours, while held
    const os::MarkerReader &reader() const { return m_reader; }
    std::chrono::nanoseconds since() const { return m_since; } ///< when the last attempt began, on Clock::boot()

private:
    std::optional<Attempt> tryOnce();
    os::Result<bool> create();
    std::optional<Attempt> fill();
    std::optional<Attempt> lookAgain();
    std::optional<Attempt> contend();
    std::optional<Attempt> judgeAndReclaim(const os::MarkerContent &content);
    std::optional<Attempt> reclaim(const os::MarkerContent &content, bool isMarker);
    Attempt waitForItsLock(bool isMarker);
    bool mayPassSoon();
    Attempt fail(const os::SystemError &error);
    Attempt refuse(Failure failure);

    const MarkerBackendOptions m_options;
    std::string m_path;
    os::MarkerFile m_file;
    os::MarkerReader m_reader;
    os::FileIdentity m_identity; // of ours while held, else of the one in the way
    std::uint64_t m_opening = 0;
    FilesystemAge m_age;
    std::chrono::nanoseconds m_since{};
    std::chrono::nanoseconds m_lookedAt{}; // thoroughly, on Clock::monotonic()
    bool m_hasReclaimed = false;           // since the last hold: somebody has died here, and not always at rest
    std::optional<std::chrono::nanoseconds> m_oddSince; // what we would reclaim has been locked, or without rights
};

} // namespace Holdfast
