// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/arguments.h"
#include "cli/command.h"

#include <holdfast/app/activation.h>

namespace Holdfast::Cli {

/** What a later `holdfast instance` hands over: its command's arguments, byte by byte, and where it was started. */
Activation activationOf(const InstanceOptions &options);

/** It as a line of JSON, for a program to read. */
QByteArray lineOf(const Activation &activation);

/** The handler and its arguments. */
QByteArrayList handlerWords(const QByteArray &handler, const Activation &activation);

/** Where it runs, and what its environment says about the desktop. */
Surroundings surroundingsOf(const Activation &activation);

} // namespace Holdfast::Cli
