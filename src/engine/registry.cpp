// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/registry.h"

#include "engine/hold.h"
#include "engine/lockcore.h"

#include <algorithm>

namespace Holdfast {

Registry &Registry::instance()
{
    static auto *const registry = new Registry; // never destroyed: threads may end after static objects are gone
    return *registry;
}

void Registry::add(const std::shared_ptr<Hold> &hold)
{
    const std::scoped_lock lock(m_mutex);
    m_holds.emplace(hold.get(), hold);
}

void Registry::remove(const Hold *hold)
{
    const std::scoped_lock lock(m_mutex);
    m_holds.erase(hold);
}

std::vector<std::shared_ptr<Hold>> Registry::holds()
{
    const std::scoped_lock lock(m_mutex);
    std::vector<std::shared_ptr<Hold>> alive;
    alive.reserve(m_holds.size());
    for (const auto &[raw, hold] : m_holds) {
        if (auto shared = hold.lock())
            alive.push_back(std::move(shared));
    }
    return alive;
}

bool Registry::isHeldBy(std::thread::id thread, const os::FileIdentity &identity, const Hold *except)
{
    const auto all = holds();
    return std::any_of(all.begin(), all.end(), [&](const std::shared_ptr<Hold> &hold) {
        return hold.get() != except && hold->isHeldBy(thread, identity);
    });
}

void Registry::threadEnded(std::thread::id thread)
{
    for (const auto &hold : holds()) {
        if (hold->owner() == thread)
            hold->core()->forgetThread(thread);
    }
}

void Registry::abandonAll()
{
    for (const auto &[raw, hold] : m_holds) {
        if (const auto alive = hold.lock())
            alive->abandon();
    }
    m_holds.clear();
}

} // namespace Holdfast
