// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/directory.h"
#include "os/markerreader.h"

#include <string>
#include <string_view>

namespace Holdfast {

/** What became of a file that was to be taken out of the way. */
enum class Removal {
    Done,    ///< it has gone
    Changed, ///< it is not what it was any more: judge it again
    InUse,   ///< somebody else is removing it at this moment
    Failed   ///< the system refuses; nothing was changed
};

/**
 * Takes a marker out of the way that was judged to be nobody's, so that a live owner's is never taken for it.
 *
 *   P.1 reads the marker: stale           Q.1 reads the marker: stale
 *   Q.2 removes it, and makes its own
 *   P.2 would remove Q's
 *
 * So whoever removes holds the system's lock on the very file that was judged (which excludes others of this library),
 * looks again, moves it to a name that nobody can guess, looks whether what was moved is what was judged (which catches
 * those who know nothing of that lock), and only then deletes. What was moved by mistake gets its name back at once.
 *
 * @param reader has @p judged open; nothing, if that cannot be read or is no regular file
 */
Removal removeJudged(const os::Directory &directory, const std::string &name, const os::MarkerReader &reader,
                     const os::MarkerContent &judged);

/** Where removeJudged() moves @p name to: another name each time. */
std::string asideName(const std::string &name);

/** Whether a file that lay at @p name may have been moved to @p aside by removeJudged(), or by Python's filelock. */
bool isAside(std::string_view aside, std::string_view name);

/**
 * Removes the marker that this process itself made and still has open as @p own, if @p name still leads to it; what lies
 * there otherwise is a successor's and stays. An error: it is still there.
 */
os::Status removeOwn(const os::Directory &directory, const std::string &name, const os::FileIdentity &identity,
                     std::intptr_t own);

} // namespace Holdfast
