// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Holdfast::os {

/** The whole of one of the kernel's own text files; empty when it cannot be read, or its process has ended meanwhile. */
std::string readWhole(const std::string &path);

} // namespace Holdfast::os
