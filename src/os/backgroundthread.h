// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

namespace Holdfast::os {

/** Starts a thread that nobody waits for, and that takes no signals, which are the application's business. False: no thread to
    be had. */
bool startBackgroundThread(const char *name, void (*run)(void *), void *argument = nullptr);

} // namespace Holdfast::os
