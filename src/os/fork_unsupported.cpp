// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/fork.h"

namespace Holdfast::os {

void installForkHandlers(const ForkHandlers &) { } // no fork, nothing to handle

ForkPause::ForkPause() = default;

ForkPause::~ForkPause() = default;

} // namespace Holdfast::os
