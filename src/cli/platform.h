// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

namespace Holdfast::Cli {

/** Makes sure that descriptors 0 to 2 are taken, so that no lock file becomes somebody's standard error. A command still
    finds them closed when we did. */
void occupyStandardDescriptors();

/** Whether standard error is a terminal that this process may write to now: not one in whose background it runs. */
bool isTerminalOurs();

/** Whether there is somebody who can be asked on standard error and answer on standard input. */
bool canAsk();

/** This process will be sent SIGTERM when its parent ends, however that comes. */
void endWithParent();

/** Whether the system tells who holds locks, as far as that can be known. */
bool showsHolders();

} // namespace Holdfast::Cli
