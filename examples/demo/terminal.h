// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Lines on the standard output, in colour where somebody looks at them.
#pragma once

#include <QString>

namespace Terminal {

enum Colour { Plain, Bold, Dim, Red, Green, Yellow, Magenta, Cyan };

/** @p text in that colour; unchanged when the output is a file or a pipe. */
QString in(Colour colour, const QString &text);

void print(const QString &line = {});

} // namespace Terminal
