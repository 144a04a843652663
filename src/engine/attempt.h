// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/failure.h"

#include <chrono>
#include <utility>

namespace Holdfast {

/** What one attempt to take a lock answers. Busy is an answer, Failed is an error; they never mix. */
struct [[nodiscard]] Attempt
{
    enum Answer { Acquired, Busy, Failed };

    Answer answer = Busy;
    Failure failure = {};

    /** Busy, but not for long (somebody is about to finish, or two collided): look again after this. 0: no idea. */
    std::chrono::milliseconds retryIn{0};

    static Attempt acquired() { return {Acquired}; }
    static Attempt busy(std::chrono::milliseconds retryIn = {}) { return {Busy, {}, retryIn}; }
    static Attempt failed(Failure why) { return {Failed, std::move(why)}; }
};

} // namespace Holdfast
