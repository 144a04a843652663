// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/**
 * Numbers as Python reads and prints them, because a marker that one side can read and the other cannot would be
 * evicted by one and respected by the other. Without locale and without exceptions.
 */

/** Python's int(text), as canonical decimal of any length: `" +0_07 "` is `"7"`. */
std::optional<std::string> readPythonInteger(std::string_view text);

/** Python's int(text) where it is a process: 1 to 2147483647. Zero and below would name process groups. */
std::optional<std::int64_t> readPythonProcess(std::string_view text);

/** Python's float(text), so also infinities and what is no number at all. */
std::optional<double> readPythonNumber(std::string_view text);

/** Python's repr(number), the shortest text that reads back as the same: 0.9, 30.0, 0.001, 1e+22, 1e-05. */
std::string pythonNumber(double number);

} // namespace Holdfast::records
