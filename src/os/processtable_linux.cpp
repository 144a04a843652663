// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/process.h"
#include "os/syscalls_unix.h"
#include "os/textfile_linux.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <limits>
#include <string_view>

namespace Holdfast::os {

namespace {

// PROC_PID_INIT_INO (include/linux/proc_ns.h): the PID namespace that the kernel starts with.
constexpr std::uint64_t FirstNamespace = 0xEFFFFFFC;

constexpr const char *NamespaceNote = "user.holdfast.pidns";

std::string directoryOf(std::int64_t process)
{
    return "/proc/" + std::to_string(process);
}

template<class Number>
std::optional<Number> toNumber(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

// The names in a directory that are numbers.
std::vector<std::int64_t> numbersIn(const std::string &directory)
{
    std::vector<std::int64_t> numbers;
    std::error_code error;
    std::filesystem::directory_iterator entry(directory, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        if (const auto number = toNumber<std::int64_t>(entry->path().filename().native()))
            numbers.push_back(*number);
    }
    return error ? std::vector<std::int64_t>() : numbers;
}

} // namespace

std::string bootId()
{
    std::string id = readWhole("/proc/sys/kernel/random/boot_id");
    while (!id.empty() && id.back() == '\n')
        id.pop_back();
    return id;
}

Existence existenceOf(std::int64_t process)
{
    // 0 and negative numbers would ask after whole groups.
    if (process <= 0 || process > std::numeric_limits<pid_t>::max())
        return Existence::Unknown;
    if (systemCalls().kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM)
        return Existence::Present;
    return errno == ESRCH ? Existence::Missing : Existence::Unknown;
}

std::optional<std::uint64_t> pidNamespace()
{
    struct stat facts;
    if (::stat("/proc/self/ns/pid", &facts) != 0)
        return std::nullopt;
    return facts.st_ino == FirstNamespace ? 0 : static_cast<std::uint64_t>(facts.st_ino);
}

// NSpid lists a process's numbers from the namespace of the mount to its own: a single one when these are the same.
bool processTableIsOurs()
{
    const std::string status = readWhole("/proc/self/status");
    constexpr std::string_view key = "\nNSpid:\t";
    const auto line = status.find(key);
    if (line == std::string::npos)
        return false;
    const auto begin = line + key.size();
    const std::string_view numbers = std::string_view(status).substr(begin, status.find('\n', begin) - begin);
    return toNumber<std::int64_t>(numbers).has_value();
}

// Whoever may not see others does not see the first process, which is root's; and who is root sees all.
bool processTableIsComplete()
{
    return !readWhole("/proc/1/status").empty();
}

std::string processStat(std::int64_t process)
{
    return readWhole(directoryOf(process) + "/stat");
}

std::string processStatus(std::int64_t process)
{
    return readWhole(directoryOf(process) + "/status");
}

std::vector<std::string> threadStats(std::int64_t process)
{
    const std::string directory = directoryOf(process) + "/task";
    std::vector<std::string> stats;
    for (const std::int64_t thread : numbersIn(directory)) {
        stats.push_back(readWhole(directory + "/" + std::to_string(thread) + "/stat"));
        if (stats.back().empty())
            return {};
    }
    // Threads that start others and end while the directory is read can be missed in it; its link count is exact.
    struct stat facts;
    constexpr std::size_t ownLinks = 2;
    if (::stat(directory.c_str(), &facts) != 0 || facts.st_nlink != stats.size() + ownLinks)
        return {};
    return stats;
}

std::string locksOf(std::int64_t process)
{
    constexpr std::string_view key = "lock:\t";
    const std::string directory = directoryOf(process) + "/fdinfo";
    std::string locks;
    for (const std::int64_t descriptor : numbersIn(directory)) {
        const std::string facts = readWhole(directory + "/" + std::to_string(descriptor));
        for (auto at = facts.find(key); at != std::string::npos; at = facts.find(key, at)) {
            at += key.size();
            locks += facts.substr(at, facts.find('\n', at) - at) + '\n';
        }
    }
    return locks;
}

std::vector<std::int64_t> processes()
{
    return numbersIn("/proc");
}

Status noteNamespace(std::intptr_t descriptor, std::uint64_t number)
{
    const std::string text = std::to_string(number);
    const int file = static_cast<int>(descriptor);
    if (systemCalls().fsetxattr(file, NamespaceNote, text.data(), text.size(), 0) != 0)
        return lastError("fsetxattr");
    return {};
}

std::optional<std::uint64_t> notedNamespace(std::intptr_t descriptor)
{
    std::array<char, 24> text; // 20 digits are the most
    const int file = static_cast<int>(descriptor);
    const ssize_t size = systemCalls().fgetxattr(file, NamespaceNote, text.data(), text.size());
    if (size <= 0)
        return std::nullopt;
    return toNumber<std::uint64_t>({text.data(), static_cast<std::size_t>(size)});
}

} // namespace Holdfast::os
