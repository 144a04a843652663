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

DeviceNumbers deviceNumbers(const FileIdentity &)
{
    return {};
}

std::string lockTable()
{
    return {};
}

} // namespace Holdfast::os
