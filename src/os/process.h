// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace Holdfast::os {

/** What the system tells about a running process. */
struct ProcessFacts
{
    std::string program; ///< short name; empty when unknown
    std::string user;    ///< login name, or the number
};

std::int64_t currentProcess();

/** Whether the calling thread is the one that the process began with. */
bool isMainThread();

/** Nothing when there is no such process, or only its zombie, or when it cannot be seen. */
std::optional<ProcessFacts> factsOf(std::int64_t process);

std::string hostName();

/** The system's table of file locks as text (`/proc/locks`); empty where there is none. */
std::string lockTable();

} // namespace Holdfast::os
