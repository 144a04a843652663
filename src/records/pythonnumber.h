// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/** Numbers as filelock prints and reads them. Without locale and without exceptions. */

/** Digits and nothing else, as canonical decimal of any length: `007` is `"7"`. */
std::optional<std::string> readInteger(std::string_view text);

/** The same where it is a process: 1 to 2147483647. Zero would name a process group. */
std::optional<std::int64_t> readProcess(std::string_view text);

/** What pythonNumber() prints of a number that is not negative, and whole numbers without a point. One that is too great or too
    small for the type is infinite. */
std::optional<double> readPythonNumber(std::string_view text);

/** Python's repr(number), the shortest text that reads back as the same: 0.9, 30.0, 0.001, 1e+22, 1e-05. */
std::string pythonNumber(double number);

} // namespace Holdfast::records
