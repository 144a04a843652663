// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/descriptor.h"
#include "os/fork.h"
#include "os/guardedfile.h"
#include "os/syscalls_unix.h"

namespace Holdfast::os {

void Descriptor::close()
{
    if (!isOpen())
        return;
    const ForkPause untilItIsClosed;
    closeUnguarded(take());
}

void Descriptor::abandon()
{
    if (isOpen())
        systemCalls().close(static_cast<int>(take()));
}

} // namespace Holdfast::os
