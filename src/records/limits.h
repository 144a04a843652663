// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace Holdfast::records {

/** No record of the family is longer; a longer file is malformed, so that nobody is made to read a gigabyte. */
inline constexpr std::size_t MostRecordBytes = 1024;

/** The greatest process number that any peer accepts. Zero and below are none: kill(2) takes them for groups. */
inline constexpr std::int64_t MostProcess = 2147483647;

/** Tokens are 16 random bytes in lowercase hexadecimal digits. */
inline constexpr std::size_t TokenSize = 32;

} // namespace Holdfast::records
