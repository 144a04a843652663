// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/fileidentity.h"
#include "os/process.h"

namespace Holdfast::os {

std::int64_t currentProcess()
{
    return 0;
}

bool isMainThread()
{
    return false;
}

std::optional<ProcessFacts> factsOf(std::int64_t)
{
    return std::nullopt;
}

std::string hostName()
{
    return {};
}

std::string initialVariable(const std::string &)
{
    return {};
}

std::string fullNameOfUser(unsigned)
{
    return {};
}

unsigned currentUser()
{
    return 0;
}

std::string userName(unsigned user)
{
    return std::to_string(user);
}

DeviceNumbers deviceNumbers(const FileIdentity &)
{
    return {};
}

std::string lockTable()
{
    return {};
}

std::string bootId()
{
    return {};
}

Existence existenceOf(std::int64_t)
{
    return Existence::Unknown;
}

std::optional<std::uint64_t> pidNamespace()
{
    return std::nullopt;
}

bool processTableIsOurs()
{
    return false;
}

bool processTableIsComplete()
{
    return false;
}

std::string processStat(std::int64_t)
{
    return {};
}

std::string processStatus(std::int64_t)
{
    return {};
}

std::vector<std::string> threadStats(std::int64_t)
{
    return {};
}

std::string locksOf(std::int64_t)
{
    return {};
}

std::vector<std::int64_t> processes()
{
    return {};
}

Status noteNamespace(std::intptr_t, std::uint64_t)
{
    return SystemError{ErrorKind::Unsupported, 0, "note"};
}

std::optional<std::uint64_t> notedNamespace(std::intptr_t)
{
    return std::nullopt;
}

} // namespace Holdfast::os
