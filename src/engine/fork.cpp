// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/fork.h"

#include "engine/databasefile.h"
#include "engine/errands.h"
#include "engine/foreignsocket.h"
#include "engine/registry.h"
#include "engine/steward.h"
#include "engine/wakehub.h"
#include "os/fork.h"

#include <atomic>

namespace Holdfast {

namespace {

std::atomic<unsigned> s_generation{0};

// Held across the fork, in this order, so that the child finds the lists whole.
void before()
{
    Registry::instance().lock();
    Steward::instance().lock();
    WakeHub::instance().lock();
    Errands::instance().lock();
    DatabaseFile::lockAll();
    ForeignSocket::lockAll();
}

void afterInParent()
{
    ForeignSocket::unlockAll();
    DatabaseFile::unlockAll();
    Errands::instance().unlock();
    WakeHub::instance().unlock();
    Steward::instance().unlock();
    Registry::instance().unlock();
}

void afterInChild()
{
    ++s_generation;
    Registry::instance().abandonAll();
    WakeHub::instance().abandon();
    Steward::instance().abandon();
    Errands::instance().abandon();
    DatabaseFile::abandonAll();
    ForeignSocket::abandonAll();
    afterInParent();
}

} // namespace

unsigned forkGeneration()
{
    return s_generation.load(std::memory_order_relaxed);
}

void prepareForForks()
{
    [[maybe_unused]] static const bool once = [] {
        Registry::instance();
        Steward::instance();
        WakeHub::instance();
        Errands::instance();
        os::installForkHandlers({before, afterInParent, afterInChild});
        return true;
    }();
}

} // namespace Holdfast
