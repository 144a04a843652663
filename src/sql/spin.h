// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <thread>

namespace Holdfast {

/** So long a thread looks again and again for what another one is about to give it, before it sleeps until it is told: about a
    round trip to a server of the same machine. To be woken takes half of that. */
constexpr std::chrono::microseconds SpinTime{100};

/** False: @p limit is over, and @p isTrue still says no. Makes room for whoever wants the processor meanwhile. */
template<class Condition>
bool spinUntil(Condition isTrue, std::chrono::nanoseconds limit)
{
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!isTrue()) {
        if (std::chrono::steady_clock::now() >= end)
            return false;
        std::this_thread::yield();
    }
    return true;
}

} // namespace Holdfast
