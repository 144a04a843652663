// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include "os/descriptor.h"
#include "os/fork.h"

#include <cstdint>

namespace Holdfast {

/**
 * A socket that another library opens and closes, noted for the sake of forks: as long as the child of one keeps its copy, the
 * server does not see the parent die, and keeps the parent's locks. So a child closes all copies, of which the server learns
 * nothing.
 */
class HOLDFAST_CORE_EXPORT ForeignSocket
{
public:
    ForeignSocket();
    ~ForeignSocket();
    ForeignSocket(const ForeignSocket &) = delete;
    ForeignSocket &operator=(const ForeignSocket &) = delete;

    /** While one exists, no other thread forks, unless it takes too long: for the time between opening and note(). */
    class HOLDFAST_CORE_EXPORT Opening
    {
    public:
        Opening();
        ~Opening();
        Opening(const Opening &) = delete;
        Opening &operator=(const Opening &) = delete;

    private:
        os::ForkPause m_pause;
    };

    void note(std::intptr_t number) { m_descriptor.set(number); } ///< inside an Opening
    void forget() { m_descriptor.set(-1); }                       ///< before its owner closes it

    // Around a fork.
    static void lockAll();
    static void unlockAll();
    static void abandonAll(); ///< in the child; locked

private:
    os::Descriptor m_descriptor;
};

} // namespace Holdfast
