// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include "engine/backend.h"
#include "os/descriptor.h"

namespace Holdfast {

/**
 * Has those in this process look again who wait for something that no file tells of. Any thread. Where no descriptor is left
 * for it, it is silent, and they poll.
 */
class HOLDFAST_CORE_EXPORT Bell
{
public:
    Bell();
    ~Bell();
    Bell(const Bell &) = delete;
    Bell &operator=(const Bell &) = delete;

    Watchable watchable() const { return {m_descriptor.number(), m_opening}; }
    void ring();

private:
    os::Descriptor m_descriptor;
    std::uint64_t m_opening = 0;
};

} // namespace Holdfast
