// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/random.h"

#include <random>

namespace Holdfast::os {

std::string randomHex(std::size_t bytes)
{
    std::random_device source;
    std::uniform_int_distribution<std::size_t> digit(0, 15);
    std::string text(2 * bytes, '0');
    for (char &letter : text)
        letter = "0123456789abcdef"[digit(source)];
    return text;
}

} // namespace Holdfast::os
