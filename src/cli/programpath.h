// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbytearray.h>

namespace Holdfast::Cli {

/** The absolute path of the program that a shell here and now would run for @p word; empty: there is none. For one that is to run later,
    in a directory that somebody else chooses, and may have put a program of that name in. */
QByteArray programPath(const QByteArray &word);

} // namespace Holdfast::Cli
