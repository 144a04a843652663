// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/failure.h"
#include "os/directory.h"

#include <string>

namespace Holdfast {

/**
 * Where a strict lock lives: `P`, which is a path, and `P.filelock/claims/`. Resolved when it is opened and the same
 * until it is closed, whatever becomes of the working directory and of symbolic links on the way.
 */
class StrictPlace
{
public:
    enum class Missing {
        Create, ///< the directories are made
        Accept  ///< then it is not open, and that is no failure
    };

    /** Opens it, or makes sure that the names still lead to what is open: others must find the claims that we do. */
    Failure open(const std::string &path, Missing missing);
    void close();
    void abandon(); ///< in the child of a fork

    bool isOpen() const { return m_claims.descriptor() >= 0; }
    const std::string &path() const { return m_path; }         ///< resolved, up to the last name
    const std::string &fileName() const { return m_fileName; } ///< the last name, in parent()
    const os::Directory &parent() const { return m_parent; }
    const os::Directory &claims() const { return m_claims; }

private:
    Failure resolve(const std::string &path);
    Failure openParent(Missing missing);
    Failure enter(const os::Directory &above, const std::string &name, const std::string &path, Missing missing,
                  os::Directory &entered);
    bool isStillThere() const;

    std::string m_path;
    std::string m_fileName;
    os::Directory m_parent = os::Directory::working();
    os::Directory m_claims = os::Directory::working();
};

} // namespace Holdfast
