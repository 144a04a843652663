// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

namespace Holdfast::os {

/** Starts a thread that never ends and takes no signals, which are the application's business. False: no thread to be had. */
bool startBackgroundThread(const char *name, void (*run)());

} // namespace Holdfast::os
