// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

namespace Holdfast {

/** How closely an attempt looks. */
enum class Look { Thorough, Brief };

/** Whether an attempt could begin: not while another one is under way, whose end wakes all waiters, and not when it is
    held already, perhaps since a moment ago: then Hold::deepen(). */
enum class Start { Begun, UnderWay, Held };

enum class ReleaseAnswer { Freed, UnderWay, LevelLess, NotHeld, WasLost, Failed };

} // namespace Holdfast
