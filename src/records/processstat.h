// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Holdfast::records {

/** What `/proc/PID/stat` says about a process (proc(5)). */
struct ProcessStat
{
    char state = '?';            ///< R, S, D, T, Z, X, ...
    std::uint64_t startTime = 0; ///< clock ticks since boot
    friend bool operator==(const ProcessStat &, const ProcessStat &) = default;
};

/** Finds the end of the program's name, which may itself hold parentheses, blanks and line feeds. */
std::optional<ProcessStat> readProcessStat(std::string_view text);

/**
 * The number by which filelock tells one incarnation of a process number from the next: boot id times 2^64 plus start
 * time, in decimal.
 *
 * @param bootId the text of `/proc/sys/kernel/random/boot_id`; one that is no hexadecimal number counts as 0
 */
std::string startToken(std::string_view bootId, std::uint64_t startTime);

/**
 * The numbers of a process from the outermost namespace that we see to its own: the line NSpid of `/proc/PID/status`.
 * Nothing when there is no such line (kernels before 4.1) or it is not a list of numbers.
 */
std::optional<std::vector<std::int64_t>> namespacePids(std::string_view statusText);

} // namespace Holdfast::records
