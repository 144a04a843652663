// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/directory.h"

namespace Holdfast::os {

namespace {

SystemError unsupported(const char *operation)
{
    return {ErrorKind::Unsupported, 0, operation};
}

} // namespace

Directory Directory::working()
{
    return Directory(-1);
}

Result<Directory> Directory::open(const std::string &)
{
    return unsupported("open");
}

bool Directory::isAt(const std::string &) const
{
    return false;
}

Result<bool> Directory::make(const std::string &, unsigned) const
{
    return unsupported("mkdir");
}

Status Directory::setMode(const std::string &, unsigned) const
{
    return unsupported("chmod");
}

Result<std::vector<std::string>> Directory::list() const
{
    return unsupported("readdir");
}

Status Directory::rename(const std::string &, const std::string &) const
{
    return unsupported("rename");
}

Result<bool> Directory::link(const std::string &, const std::string &) const
{
    return unsupported("link");
}

Status Directory::remove(const std::string &) const
{
    return unsupported("unlink");
}

Result<std::optional<FileFacts>> Directory::facts(const std::string &) const
{
    return unsupported("stat");
}

Result<std::optional<std::string>> Directory::linkTarget(const std::string &, std::size_t) const
{
    return unsupported("readlink");
}

} // namespace Holdfast::os
