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

/**
 * While one exists, no other thread forks. For the moments in which a descriptor exists that is not noted anywhere: a
 * child that came then would keep it, and with it the parent's lock, for as long as it lives.
 *
 * A fork waits for these moments, but not for ever: a disk that stalls must not hold up a program that starts another.
 */
class ForkPause
{
public:
    ForkPause();
    ~ForkPause();
    ForkPause(const ForkPause &) = delete;
    ForkPause &operator=(const ForkPause &) = delete;
};

} // namespace Holdfast::os
