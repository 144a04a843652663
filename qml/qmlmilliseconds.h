// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace Holdfast {

using std::chrono::milliseconds;

/** A duration of C++ as the number that QML has for it. */
inline int toInt(milliseconds duration)
{
    return static_cast<int>(duration.count());
}

} // namespace Holdfast
