// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/filesystemage.h"
#include "engine/reclaim.h"
#include "os/markerreader.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace Holdfast {

/** Whether the same question may get another answer later. What may not is an error, and no waiting will mend it. */
bool mayPass(const os::SystemError &error);

/**
 * The marker of a soft read/write lock that is in the way. Stays open between two looks, so that its inode cannot become
 * another file's, and so that no closing of ours wakes us and the others who wait for it.
 */
class ReadWriteRival
{
public:
    enum class Standing {
        Gone,
        NoFile, ///< a link, a directory, a pipe: nobody's marker, and not ours to remove
        Broken, ///< the system will not let us ask, now or later: see error()
        Live,
        Stale ///< its owner has died (perhaps while he made it), or has given no sign of life for longer than the threshold
    };

    explicit ReadWriteRival(std::chrono::nanoseconds staleThreshold) : m_staleThreshold(staleThreshold) { }

    Standing look(const os::Directory &directory, const std::string &name);

    /** Removes what the last look() has found to be stale. */
    Removal evict(const os::Directory &directory);

    void close();
    void abandon() { m_reader.abandon(); }

    const os::SystemError &error() const { return m_error; } ///< of Broken
    bool wasAnswered() const { return m_wasAnswered; }       ///< false: Live only because it could not be asked
    bool isTorn() const;                                     ///< never filled: if it is Live now, it will soon be Stale

    const std::string &name() const { return m_name; } ///< empty: nothing is in the way
    const os::FileIdentity &identity() const { return m_content.facts.identity; }
    std::intptr_t descriptor() const { return m_reader.descriptor(); }
    std::uint64_t opening() const { return m_opening; }

private:
    bool isStale(const os::Directory &directory);

    const std::chrono::nanoseconds m_staleThreshold;
    os::MarkerReader m_reader;
    std::string m_name;
    os::MarkerContent m_content;
    os::SystemError m_error;
    std::uint64_t m_opening = 0;
    bool m_wasAnswered = false;
    FilesystemAge m_age;
};

} // namespace Holdfast
