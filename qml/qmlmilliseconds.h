// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cmath>

namespace Holdfast {

using std::chrono::milliseconds;

/** A duration of C++ as the number that QML has for it. */
inline double toNumber(milliseconds duration)
{
    return static_cast<double>(duration.count());
}

/** @p number means something: see nonsenseIn(). A fraction counts as a whole one: half a millisecond is not "do not wait". */
inline milliseconds toMilliseconds(double number)
{
    return milliseconds(static_cast<milliseconds::rep>(std::ceil(number)));
}

} // namespace Holdfast
