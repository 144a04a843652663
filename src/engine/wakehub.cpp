// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/wakehub.h"

#include <algorithm>

namespace Holdfast {

WakeHub::Subscription &WakeHub::Subscription::operator=(Subscription &&other) noexcept
{
    std::swap(m_watch, other.m_watch);
    std::swap(m_id, other.m_id);
    return *this;
}

void WakeHub::Subscription::reset()
{
    if (m_watch >= 0)
        instance().unsubscribe(m_watch, m_id);
    m_watch = -1;
}

WakeHub &WakeHub::instance()
{
    // Never destroyed: threads may still wait when the process exits, and closing an inotify instance takes 10 ms.
    static auto *const hub = new WakeHub;
    return *hub;
}

WakeHub::Subscription WakeHub::subscribe(std::intptr_t descriptor, std::weak_ptr<Wakeable> wakeable)
{
    Subscription subscription;
    if (descriptor < 0)
        return subscription;
    const std::scoped_lock lock(m_mutex);
    os::Result<int> watch = m_files.add(descriptor);
    if (!watch)
        return subscription;
    subscription.m_watch = *watch;
    subscription.m_id = ++m_lastId;
    m_subscribers[*watch].push_back({subscription.m_id, std::move(wakeable)});
    return subscription;
}

void WakeHub::unsubscribe(int watch, std::uint64_t id)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_subscribers.find(watch);
    if (found == m_subscribers.end())
        return; // made before a fork
    std::erase_if(found->second, [id](const Subscriber &subscriber) { return subscriber.id == id; });
    if (!found->second.empty())
        return;
    m_subscribers.erase(found);
    m_files.remove(watch);
}

void WakeHub::drain()
{
    std::vector<std::shared_ptr<Wakeable>> toWake;
    {
        const std::scoped_lock lock(m_mutex);
        toWake = concerned(m_files.takeEvents());
    }
    for (const auto &wakeable : toWake)
        wakeable->wake();
}

std::vector<std::shared_ptr<Wakeable>> WakeHub::concerned(const std::vector<os::FileEvent> &events)
{
    std::vector<std::shared_ptr<Wakeable>> found;
    const auto take = [&found](const std::vector<Subscriber> &subscribers) {
        for (const Subscriber &subscriber : subscribers) {
            if (auto wakeable = subscriber.wakeable.lock())
                found.push_back(std::move(wakeable));
        }
    };
    int previous = -1; // a closing process often brings several events of one file in a row
    for (const os::FileEvent &event : events) {
        if (event.kind == os::FileEvent::Overflow) {
            for (const auto &[watch, subscribers] : m_subscribers)
                take(subscribers);
        } else if (const auto it = m_subscribers.find(event.watch);
                   it != m_subscribers.end() && event.watch != previous) {
            take(it->second);
        }
        previous = event.watch;
    }
    return found;
}

void WakeHub::abandon()
{
    m_subscribers.clear();
    m_files.abandon();
}

} // namespace Holdfast
