// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>
#include <holdfast/lockholder.h>

#include "engine/failure.h"
#include "engine/ownerfiles.h"
#include "os/filefacts.h"

#include <QtCore/qlist.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace Holdfast {

/** What stands behind a hold of a document. */
enum class SidecarGuarantee {
    None,     ///< not held
    Advisory, ///< the record alone: this filesystem has no locks
    Kernel    ///< the system's lock on the sidecar
};

/** What the system's lock on a sidecar says. */
enum class SidecarLocked { No, Yes, CannotTell };

/** What is in a sidecar: a lock file of LibreOffice, with a record of this library in its last field if it is ours. */
struct SidecarText
{
    enum Author {
        Nobody, ///< empty, torn or no lock file
        Library,
        Stranger ///< LibreOffice, or another program that writes such files
    };
    Author author = Nobody;
    LockHolder holder = {}; ///< whether he lives is judged
    bool isOurs = false;    ///< of this process
};

/** Reads @p bytes of a sidecar; @p descriptor is the open file, for what is noted on it. */
SidecarText readSidecar(std::string_view bytes, SidecarLocked locked, std::intptr_t descriptor);

/** The text for this process, which holds from now on. */
std::string sidecarText(const std::string &fullName, const std::string &application, const std::string &token);

/** Who has a sidecar that must not be read: the user to whom it belongs. He is seen to live if the system has a lock on it. */
LockHolder unreadableHolder(const os::FileFacts &facts);

/** No sidecar of ours is longer; of a longer one, the beginning says all. */
inline constexpr std::size_t MostSidecarBytes = 4096;

/** Who has the sidecar @p path, without side effect; invalid: nobody. @p failure is set when that cannot be told. */
HOLDFAST_CORE_EXPORT LockHolder sidecarHolder(const std::string &path, Failure *failure);

/**
 * Where the sidecar of the document @p document (canonical) lies: beside it, under LibreOffice's name; or in @p directory, under
 * the beginning of its name and a hash of its path.
 */
HOLDFAST_CORE_EXPORT std::string sidecarPath(const std::string &document, const std::string &directory);

/** Why nobody can lock @p document (canonical): something else than a file lies in the place of its @p sidecar. Else not set. */
HOLDFAST_CORE_EXPORT Failure sidecarObstacle(const std::string &document, const std::string &sidecar);

/** Who else has @p document (canonical), by the files of other programs beside it, of the @p respected kinds: first those who are
    seen to live. */
HOLDFAST_CORE_EXPORT QList<LockHolder> otherPrograms(const std::string &document, const std::string &sidecarDirectory,
                                                     OwnerFormats respected);

HOLDFAST_CORE_EXPORT QString ownUserName(); ///< as sidecars have it
HOLDFAST_CORE_EXPORT QString ownFullName(); ///< as the system knows this user; may be empty

/** What a lock on a document and its backends tell each other. Any thread. */
class SidecarNotes
{
public:
    struct Content
    {
        std::string document = {}; ///< of the last attempt: canonical
        std::string sidecar = {};
        std::string token = {};                              ///< of the last hold: no other has it
        std::intptr_t descriptor = -1;                       ///< of the last hold, if the system has a lock on it
        SidecarGuarantee guarantee = SidecarGuarantee::None; ///< of the last hold
        LockHolder crashed = {};                             ///< the last hold came after this one, who had not let go
        QList<LockHolder> mayDisplace =
            {}; ///< who may be taken over if his record is still there and he is not seen to live
    };

    Content get() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_content;
    }

    template<class Change>
    void change(const Change &change)
    {
        const std::scoped_lock lock(m_mutex);
        change(m_content);
    }

private:
    mutable std::mutex m_mutex;
    Content m_content;
};

} // namespace Holdfast
