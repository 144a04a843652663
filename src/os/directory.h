// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/descriptor.h"
#include "os/filefacts.h"
#include "os/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace Holdfast::os {

/**
 * What names are relative to: the working directory, where names are paths, or an open directory, which stays the same
 * whatever becomes of its path. Single calls that never follow a symbolic link at the end of a name.
 */
class Directory
{
public:
    static Directory working();

    /** A real directory; a symbolic link to one is ErrorKind::NotAFile. */
    static Result<Directory> open(const std::string &path);

    std::intptr_t descriptor() const { return m_descriptor.number(); }

    bool isAt(const std::string &path) const; ///< whether that leads here: it may have been moved or removed

    /** Creates a directory with @p mode less the umask. False: something is there already, perhaps no directory. */
    Result<bool> make(const std::string &name, unsigned mode) const;
    Status setMode(const std::string &name,
                   unsigned mode) const; ///< the permissions of what is there, whatever the umask

    /** Every name in it but . and .., in the system's order. */
    Result<std::vector<std::string>> list() const;

    /** Replaces nothing where the system can promise that (EEXIST); elsewhere give a @p to that nobody else would use. */
    Status rename(const std::string &from, const std::string &to) const;

    /** A second name for a file. False: @p added exists already. */
    Result<bool> link(const std::string &existing, const std::string &added) const;

    Status remove(const std::string &name) const; ///< a file; a missing one is fine

    /** Nothing when it is missing. */
    Result<std::optional<FileFacts>> facts(const std::string &name) const;

    /** What a symbolic link leads to, in one call: at most @p limit + 1 bytes of it, be it there or not. Nothing: there is nothing
        under the name. Empty: something else than a link. */
    Result<std::optional<std::string>> linkTarget(const std::string &name, std::size_t limit) const;

    /** In the child of a fork: lets go of the inherited descriptor. The working directory stays what it is. */
    void abandon() { m_descriptor.abandon(); }

private:
    explicit Directory(std::intptr_t descriptor) : m_descriptor(descriptor) { }

    Descriptor m_descriptor;
};

} // namespace Holdfast::os
