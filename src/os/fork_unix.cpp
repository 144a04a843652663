// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/fork.h"

#include <pthread.h>

namespace Holdfast::os {

void installForkHandlers(const ForkHandlers &handlers)
{
    pthread_atfork(handlers.before, handlers.afterInParent, handlers.afterInChild);
}

} // namespace Holdfast::os
