// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace Holdfast::os {

/** @p bytes bytes that nobody can guess, as twice as many lowercase hexadecimal digits. */
std::string randomHex(std::size_t bytes);

} // namespace Holdfast::os
