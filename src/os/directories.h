// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/result.h"

#include <string>

namespace Holdfast::os {

/** Creates the directory that @p path lies in, and those above, each with 0777 less the umask. Existing is fine. */
Status makeParents(const std::string &path);

/**
 * Makes a network filesystem look for @p path anew. Its client believes for up to a minute that a name is missing, or leads to a
 * certain file, because that was so before (NFS: lookupcache, acdirmax), whatever it is asked about that name; but here it is asked
 * about the directory.
 */
void forgetNames(const std::string &path);

/** @p path with the current directory in front when it is relative. Resolves nothing. */
Result<std::string> absolutePath(const std::string &path);

/**
 * One spelling per file: the directory fully resolved, the last name as it is, so that a symbolic link and its target stay
 * two files. The part of the directory that does not exist yet is only tidied (`.` and `..` removed).
 */
Result<std::string> canonicalPath(const std::string &path);

} // namespace Holdfast::os
