// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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

/** Of the environment that this process was started with, though it may have been changed since; empty: no such variable. */
std::string initialVariable(const std::string &name);

/** The login name of the user with this number, or the number itself when it has none. */
std::string userName(unsigned user);

/** The name that people know the user by, as the system has it; empty: none. */
std::string fullNameOfUser(unsigned user);

/** The user whose rights this process has. */
unsigned currentUser();

/** The system's table of file locks as text (`/proc/locks`); empty where there is none. */
std::string lockTable();

/** A text that is another one each time the machine starts; empty where there is none. */
std::string bootId();

enum class Existence { Missing, Present, Unknown };

/** Whether this process's PID namespace has such a process, be it a zombie or somebody else's. */
Existence existenceOf(std::int64_t process);

/**
 * The number of this process's PID namespace; 0 for the machine's first one, from which all processes can be seen. Numbers are
 * given again when a namespace has ended. Nothing: cannot be told.
 */
std::optional<std::uint64_t> pidNamespace();

/** Whether the system's table of processes (`/proc`) is there and counts them as this process does. It may have been mounted in
    another PID namespace; then its entries are other processes, and nothing below must be used. */
bool processTableIsOurs();

/** Whether the table lists everybody's processes (it may be mounted with `hidepid`). */
bool processTableIsComplete();

std::string processStat(std::int64_t process);   ///< `/proc/PID/stat` as it is; empty: cannot be read
std::string processStatus(std::int64_t process); ///< `/proc/PID/status` as it is; empty: cannot be read

/** The same as processStat() for each of its threads; empty unless all of them could be read. */
std::vector<std::string> threadStats(std::int64_t process);

/** The file locks of its open files, each a line as in lockTable(); empty: none, or cannot be read. A lock that came with a
    descriptor from another process is named after that one, here as there. */
std::string locksOf(std::int64_t process);

/** All that the table lists; empty: cannot be read. */
std::vector<std::int64_t> processes();

/** Notes on an open marker in which PID namespace it was made, where a reader of its text does not see it. */
Status noteNamespace(std::intptr_t descriptor, std::uint64_t number);
std::optional<std::uint64_t> notedNamespace(std::intptr_t descriptor);

} // namespace Holdfast::os
