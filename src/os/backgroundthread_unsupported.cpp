// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/backgroundthread.h"

namespace Holdfast::os {

bool startBackgroundThread(const char *, void (*)(void *), void *)
{
    return false;
}

} // namespace Holdfast::os
