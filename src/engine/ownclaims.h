// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/locktypes.h>

#include "os/markerfile.h"
#include "records/strictclaim.h"

#include <optional>
#include <string>

namespace Holdfast {

/**
 * The two claims of one contender for a strict lock: an intent, and a second name for the same file that says "held".
 * Both stay for the whole hold:
 *
 *   P.1 lists the directory, up to the middle     Q has an intent
 *   Q.1 adds its held claim, in the part that P has passed
 *   Q.2 would remove its intent, in the part that P has not seen yet
 *   P.2 lists the rest: nobody there
 */
class OwnClaims
{
public:
    /** Makes the intent. False: somebody removed it meanwhile. */
    os::Result<bool> publish(const os::Directory &claims, const records::ClaimRecord &record,
                             std::optional<unsigned> permissions);

    /** Adds the held claim. False: as above. */
    os::Result<bool> hold(const os::Directory &claims);

    /** Removes them, held claim first. After an error the rest are still there, and ours; this may be called again. */
    os::Status remove(const os::Directory &claims);

    bool exist() const { return m_file.isOpen(); }
    bool isOwn(const os::FileFacts &facts) const { return exist() && facts.identity == m_identity; }
    const std::string &token() const { return m_record.token; }
    const records::ClaimRecord &record() const { return m_record; }
    std::intptr_t descriptor() const { return m_file.descriptor(); }

    /** Whether what we hold by is still there. */
    LossReason inspect(const os::Directory &claims) const;

    void abandon() { m_file.abandon(); } ///< in the child of a fork: the files are the parent's

private:
    os::Status removeOne(const os::Directory &claims, std::string &name);

    records::ClaimRecord m_record;
    os::MarkerFile m_file;
    os::FileIdentity m_identity;
    std::string m_intent; ///< names of those that are there
    std::string m_held;
};

} // namespace Holdfast
