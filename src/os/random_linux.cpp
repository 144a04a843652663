// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/clock.h"
#include "os/random.h"
#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <random>
#include <unistd.h>

namespace Holdfast::os {

namespace {

// For sandboxes that forbid getrandom(2): nothing that nobody could guess, but still a name that nobody else has.
void fillUniquely(std::string &bytes, std::size_t from)
{
    static std::atomic<std::uint32_t> count{0};
    const auto time = static_cast<std::uint64_t>(bootTime().count());
    std::seed_seq seed{static_cast<std::uint32_t>(time), static_cast<std::uint32_t>(time >> 32),
                       static_cast<std::uint32_t>(getpid()), ++count};
    std::array<std::uint32_t, 8> words{};
    seed.generate(words.begin(), words.end());
    for (std::size_t i = from; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(words[i % words.size()] >> (8 * (i / words.size() % 4)));
}

std::string randomBytes(std::size_t size)
{
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const ssize_t more = uninterrupted([&] { return systemCalls().getrandom(bytes.data() + got, size - got, 0); });
        if (more <= 0)
            break;
        got += static_cast<std::size_t>(more);
    }
    if (got < size)
        fillUniquely(bytes, got);
    return bytes;
}

} // namespace

std::string randomHex(std::size_t bytes)
{
    constexpr const char *digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes);
    for (const char byte : randomBytes(bytes)) {
        text += digits[static_cast<unsigned char>(byte) >> 4];
        text += digits[static_cast<unsigned char>(byte) & 0xf];
    }
    return text;
}

} // namespace Holdfast::os
