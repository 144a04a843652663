// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/bell.h"

#include "os/bell.h"
#include "os/fork.h"

#include <atomic>

namespace Holdfast {

namespace {

std::atomic<std::uint64_t> s_openings{0};

} // namespace

Bell::Bell() : m_opening(++s_openings)
{
    const os::ForkPause untilItIsNoted;
    if (os::Result<std::intptr_t> opened = os::openBell(); opened)
        m_descriptor.set(*opened);
}

Bell::~Bell() = default;

void Bell::ring()
{
    if (m_descriptor.isOpen())
        static_cast<void>(os::ring(m_descriptor.number()));
}

} // namespace Holdfast
