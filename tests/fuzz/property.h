// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/** What one property file promises about any input; the fuzzer calls it, and so does replay.cpp. */
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

/** Ends the program when a promise is broken, which the fuzzer takes for a find. */
inline void promise(bool kept, const char *what)
{
    if (kept)
        return;
    std::fprintf(stderr, "a promise is broken: %s\n", what);
    std::abort();
}

inline std::string_view asText(const std::uint8_t *data, std::size_t size)
{
    return {reinterpret_cast<const char *>(data), size};
}
