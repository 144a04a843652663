// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace Holdfast {

/** How closely an attempt looks. */
enum class Look { Thorough, Brief };

/** Whether an attempt could begin: not while another one is under way, whose end wakes all waiters, and not when it is
    held already, perhaps since a moment ago: then Hold::deepen(). */
enum class Start { Begun, UnderWay, Held };

/** How long an attempt on another thread may take before it counts as one that stalls, and is not waited for. */
constexpr std::chrono::milliseconds Moment{100};

/** The same where an event loop would stand still meanwhile. */
constexpr std::chrono::milliseconds Blink{4};

enum class ReleaseAnswer { Freed, UnderWay, LevelLess, NotHeld, WasLost, Failed };

} // namespace Holdfast
