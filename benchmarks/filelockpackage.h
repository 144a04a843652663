// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Bench {

/** Python's filelock as peer.py finds it: Debian's own, or a newer one that `./dev bench` has put below build/. */
struct FilelockPackage
{
    std::string version;
    bool hasReadWriteLock = false; ///< else its statements stand in for it

    static const FilelockPackage &found(); ///< asked once

    /** What the kinds "database-read" and "database-write" of peer.py are, for the table. */
    std::string readWriteLock() const;
};

} // namespace Bench
