// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

namespace Holdfast::Cli {

struct StatusOptions;

/** `holdfast status`: the exit status. */
int showStatus(const StatusOptions &options, int &argc, char **argv);

} // namespace Holdfast::Cli
