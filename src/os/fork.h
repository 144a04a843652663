// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

namespace Holdfast::os {

/** What to do around a fork(2): before it and after it in the forking thread, and after it in the child. */
struct ForkHandlers
{
    void (*before)();
    void (*afterInParent)();
    void (*afterInChild)();
};

/** Installs the handlers for the life of the process; once. */
void installForkHandlers(const ForkHandlers &handlers);

} // namespace Holdfast::os
