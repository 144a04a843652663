// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// How the steward hears that the file of a hold has gone.

#include "engine/steward.h"

#include "engine/errands.h"
#include "engine/hold.h"

#include <algorithm>

namespace Holdfast {

bool Steward::isArmed(const Hold *hold, std::uint64_t serial)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_armed.find(hold);
    const bool isSame = found != m_armed.end() && !found->second.hold.expired(); // not one that was there before
    return isSame && found->second.serial == serial;
}

void Steward::arm(const std::shared_ptr<Hold> &hold, std::uint64_t serial)
{
    const Watchable watchable = hold->arm(serial);
    bool canWatch = false;
    {
        const std::scoped_lock lock(m_mutex);
        forget(hold.get());
        m_armed[hold.get()] = {hold, serial, NotYet};
        canWatch = watchable.descriptor >= 0 && m_files.prepare();
        if (!canWatch)
            note(hold.get(), serial, NoWatch);
    }
    // It may have been given back in between, and then nobody else takes the watch off again.
    if (hold->serial() != serial)
        return disarm(hold.get());
    if (canWatch)
        Errands::instance().post(hold->disk(), [=, this] { watch(hold, serial, watchable); });
    check({hold, serial}); // what happened before the watch
}

// An errand, and without the mutex: the disk may take its time.
//
//   P.1 adds a watch of a file that is watched for Q, too: it gets Q's number
//   Q.1 gives back: nobody is noted for the number, so the watch is removed
//   P.2 would note a number that means nothing any more
//
// So after any removal it is added once more. By then the hold may have ended, and the descriptor be another file's: then
// nobody is there to note it for.
void Steward::watch(const std::shared_ptr<Hold> &hold, std::uint64_t serial, const Watchable &watchable)
{
    const auto interest = watchable.contents ? os::FileWatch::Contents : os::FileWatch::Replacement;
    constexpr int chances = 8; // then it is tried again with those that could not be watched
    for (int i = 1;; ++i) {
        const std::uint64_t removals = m_removals;
        os::Result<int> added = m_files.add(watchable.descriptor, interest);
        const std::scoped_lock lock(m_mutex);
        if (added && removals == m_removals)
            return note(hold.get(), serial, *added);
        if (added && i < chances)
            continue;
        if (added)
            removeIfUnused(*added);
        return note(hold.get(), serial, NoWatch);
    }
}

// With m_mutex locked.
void Steward::note(const Hold *hold, std::uint64_t serial, int watch)
{
    const auto found = m_armed.find(hold);
    if (found == m_armed.end() || found->second.serial != serial || found->second.watch != NotYet)
        return removeIfUnused(watch); // given back meanwhile
    found->second.watch = watch;
    m_byWatch.emplace(watch, hold);
    if (watch == NoWatch)
        m_alarm->ring(); // to be looked at now and then from now on
}

// With m_mutex locked.
void Steward::removeIfUnused(int watch)
{
    if (watch < 0 || m_byWatch.contains(watch))
        return;
    ++m_removals;
    m_files.remove(watch);
}

void Steward::disarm(const Hold *hold)
{
    const std::scoped_lock lock(m_mutex);
    forget(hold);
}

// With m_mutex locked.
void Steward::forget(const Hold *hold)
{
    const auto found = m_armed.find(hold);
    if (found == m_armed.end())
        return;
    const int watch = found->second.watch;
    m_armed.erase(found);
    if (watch == NotYet)
        return;
    const auto [begin, end] = m_byWatch.equal_range(watch);
    m_byWatch.erase(std::find_if(begin, end, [hold](const auto &entry) { return entry.second == hold; }));
    removeIfUnused(watch);
}

void Steward::handleEvents()
{
    if (m_files.descriptor() < 0)
        return;
    for (const os::FileEvent &event : m_files.takeEvents()) {
        if (event.kind == os::FileEvent::Overflow)
            checkEverything();
        else if (event.kind == os::FileEvent::Changed)
            checkWatched(event.watch);
    }
}

void Steward::checkWatched(int watch)
{
    std::vector<Held> concerned;
    {
        const std::scoped_lock lock(m_mutex);
        const auto [begin, end] = m_byWatch.equal_range(watch);
        for (auto entry = begin; entry != end; ++entry)
            concerned.push_back(m_armed.at(entry->second));
    }
    for (const Held &held : concerned)
        check(held);
}

// Events were dropped: anything may have happened to anybody.
void Steward::checkEverything()
{
    std::vector<Held> all;
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto &[raw, held] : m_armed)
            all.push_back(held);
    }
    for (const Held &held : all)
        check(held);
}

void Steward::check(const Held &held)
{
    const auto hold = held.hold.lock();
    if (hold)
        Errands::instance().post(hold->disk(), [hold, serial = held.serial] { hold->checkIntact(serial); });
}

void Steward::watchUnwatched()
{
    std::vector<std::pair<const Hold *, Held>> unwatched;
    {
        const std::scoped_lock lock(m_mutex);
        const auto [begin, end] = m_byWatch.equal_range(-1);
        for (auto entry = begin; entry != end; ++entry)
            unwatched.emplace_back(entry->second, m_armed.at(entry->second));
    }
    for (const auto &[raw, held] : unwatched) {
        const auto hold = held.hold.lock();
        if (hold && hold->serial() == held.serial)
            arm(hold, held.serial);
        else
            disarm(raw);
    }
}

} // namespace Holdfast
