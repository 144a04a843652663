// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

namespace Holdfast::records {

/** Python's str.strip(); a byte that is not UTF-8 is no white space. */
std::string_view stripped(std::string_view text);

/** Python's str.splitlines(); a carriage return with its line feed is one end. */
std::vector<std::string_view> splitLines(std::string_view text);

} // namespace Holdfast::records
