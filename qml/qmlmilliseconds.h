// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace Holdfast {

using std::chrono::milliseconds;

/** A duration of C++ as the number that QML has for it. */
inline double toNumber(milliseconds duration)
{
    return static_cast<double>(duration.count());
}

/** @p number means something: see nonsenseIn(). */
inline milliseconds toMilliseconds(double number)
{
    return milliseconds(static_cast<milliseconds::rep>(number));
}

} // namespace Holdfast
