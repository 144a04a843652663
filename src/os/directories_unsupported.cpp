// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/directories.h"

namespace Holdfast::os {

void forgetNames(const std::string &) { }

Status makeParents(const std::string &)
{
    return {};
}

Result<std::string> absolutePath(const std::string &path)
{
    return path;
}

Result<std::string> canonicalPath(const std::string &path)
{
    return path;
}

} // namespace Holdfast::os
