// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>

namespace Holdfast::os {

/** Makes a system call again when a signal interrupted it: many times, because of signal storms, but not for ever, because of
    a kernel that answers nothing else. */
template<class Call>
auto uninterrupted(Call call)
{
    constexpr int maxInterruptions = 1000;
    auto result = call();
    for (int i = 0; result < 0 && errno == EINTR && i < maxInterruptions; ++i)
        result = call();
    return result;
}

} // namespace Holdfast::os
