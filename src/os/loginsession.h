// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Holdfast::os {

/** The number that the kernel gave to the login from which this process descends; empty: none. */
std::string loginSession();

} // namespace Holdfast::os
