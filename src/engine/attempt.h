// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/failure.h"

#include <utility>

namespace Holdfast {

/** What one attempt to take a lock answers. Busy is an answer, Failed is an error; they never mix. */
struct [[nodiscard]] Attempt
{
    enum Answer { Acquired, Busy, Failed };

    Answer answer = Busy;
    Failure failure = {};

    static Attempt acquired() { return {Acquired, {}}; }
    static Attempt busy() { return {Busy, {}}; }
    static Attempt failed(Failure why) { return {Failed, std::move(why)}; }
};

} // namespace Holdfast
