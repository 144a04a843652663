// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>

namespace Holdfast::Cli {

/** Owns a descriptor. */
class Descriptor
{
public:
    Descriptor() = default;
    explicit Descriptor(std::intptr_t value) : m_value(value) { }
    ~Descriptor();
    Descriptor(Descriptor &&other) noexcept : m_value(std::exchange(other.m_value, -1)) { }
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_value, other.m_value);
        return *this;
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;

    /** Another descriptor of the same open file, which no program that is started inherits. Not open when none is left. */
    static Descriptor duplicateOf(std::intptr_t descriptor);

    bool isOpen() const { return m_value >= 0; }
    std::intptr_t value() const { return m_value; }

private:
    std::intptr_t m_value = -1;
};

} // namespace Holdfast::Cli
