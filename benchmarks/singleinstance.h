// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Bench {

/** The primary instance that others hand over to, until it is killed. */
int runPrimary(const std::string &directory);

} // namespace Bench
