// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/markerfile.h"
#include "os/markerreader.h"

#include <cstdint>
#include <string>

namespace Holdfast {

/** Another number each time: for Watchable::opening, where several files take turns. */
std::uint64_t nextOpening();

/**
 * Our own marker of a soft read/write lock, from its making to its removal. The token in it proves that it is ours; it stays
 * open, so that its closing, also by our death, wakes those who wait.
 */
class ReadWriteOwnMarker
{
public:
    enum class Standing {
        Ours,
        Missing, ///< nothing has its name
        Foreign  ///< what has its name is not ours
    };

    /** Makes and writes it; false: something has that name already. After an error it is not there. */
    os::Result<bool> create(const os::Directory &directory, const std::string &name, const std::string &token);

    bool isThere() const { return m_file.isOpen(); } ///< as far as we know

    /** Reads what has its name now. */
    os::Result<Standing> check(const os::Directory &directory);

    /** The same, and if it is ours it gets the filesystem's present time: a sign of life. */
    os::Result<Standing> refresh(const os::Directory &directory);

    /** Removes it if it is ours still. An error: it is still there. */
    os::Status remove(const os::Directory &directory);

    void forget(); ///< it is not ours any more, or never will be
    void abandon();

    const std::string &token() const { return m_token; }
    const os::FileIdentity &identity() const { return m_identity; }
    std::intptr_t descriptor() const { return m_file.descriptor(); }
    std::uint64_t opening() const { return m_opening; }

private:
    os::Status write();
    os::Result<Standing> read(const os::Directory &directory);

    os::MarkerFile m_file;
    os::MarkerReader m_reader; // what had its name when last read
    std::string m_name;
    std::string m_token;
    os::FileIdentity m_identity;
    os::FileIdentity m_read;
    std::uint64_t m_opening = 0;
};

} // namespace Holdfast
