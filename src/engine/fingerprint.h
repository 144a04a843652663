// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include "engine/failure.h"
#include "os/filefacts.h"

#include <QtCore/qbytearray.h>

#include <cstdint>
#include <optional>
#include <string>

namespace Holdfast {

/** How a file differs from what it was. */
struct FileDifference
{
    enum Kind {
        None,      ///< the same, or the same bytes again
        Rewritten, ///< the same bytes in another file, as after a save by renaming that changed nothing
        Written,   ///< other bytes in the same file
        Replaced,  ///< another file under the name, as after a save by renaming
        Removed,
        Moved ///< it has another name in the same directory
    };
    Kind kind = None;
    std::string movedTo = {}; ///< of Moved
};

/**
 * What a document was at one moment: which file, how long, of when, and, of one that is not big, a hash of its bytes. The hash
 * tells what times cannot: a change within the same tick of the filesystem's clock, and a time that changed alone. Programs can
 * set back the time of the last writing, but not that of the last change of anything, so both count. A value.
 */
class HOLDFAST_CORE_EXPORT Fingerprint
{
public:
    Fingerprint() = default;

    /** Of what lies at @p path (canonical) now; a missing file is a fingerprint, too. */
    static std::optional<Fingerprint> of(const std::string &path, Failure *failure);

    bool exists() const { return m_facts.identity.isValid(); }
    const os::FileIdentity &identity() const { return m_facts.identity; }

    /** Whether times that are the same and long past are believed. Who writes through mmap() into a page that is waiting for the
        disk already leaves them as they are. */
    enum class Trust { Times, OnlyBytes };

    /** What has become of it at @p path; nothing, with the reason, when that cannot be told. */
    std::optional<FileDifference> difference(const std::string &path, Trust trust, Failure *failure) const;

    bool hasSameBytes(const Fingerprint &now) const;

    /** The file has got the name @p path, which changes one of its times. */
    void noteRenaming(const std::string &path);

    friend bool operator==(const Fingerprint &one, const Fingerprint &other)
    {
        return one.m_facts == other.m_facts && one.m_hash == other.m_hash;
    }

private:
    FileDifference goneFrom(const std::string &path) const;
    std::string newNameBeside(const std::string &path) const;

    os::FileFacts m_facts; // no identity: there is no such file
    QByteArray m_hash;     // empty: too big, or not a file that can be read
    std::int64_t m_takenAt = 0;
};

/** Waits until the open file @p descriptor, called @p path, is on the disk. */
HOLDFAST_CORE_EXPORT Failure syncToDisk(std::intptr_t descriptor, const std::string &path);
HOLDFAST_CORE_EXPORT void syncDirectoryOf(const std::string &path); ///< where that is possible

} // namespace Holdfast
