// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

namespace Holdfast::Cli {

struct BreakOptions;

/** `holdfast break`: the exit status. */
int breakFile(const BreakOptions &options);

} // namespace Holdfast::Cli
