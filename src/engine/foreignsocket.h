// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include "os/descriptor.h"

#include <cstdint>

namespace Holdfast {

/**
 * A socket that another library opens and closes, noted for the sake of forks: as long as the child of one keeps its copy, the
 * server does not see the parent die, and keeps the parent's locks.
 */
class HOLDFAST_CORE_EXPORT ForeignSocket
{
public:
    ForeignSocket();
    ~ForeignSocket();
    ForeignSocket(const ForeignSocket &) = delete;
    ForeignSocket &operator=(const ForeignSocket &) = delete;

    void note(std::intptr_t number) { m_descriptor.set(number); }
    void forget() { m_descriptor.set(-1); } ///< before its owner closes it

    /** In the child of a fork: closes the copy, of which the server learns nothing. Async-signal-safe. */
    void abandon();

private:
    os::Descriptor m_descriptor;
};

} // namespace Holdfast
