// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/errands.h"

#include "engine/logging.h"
#include "os/backgroundthread.h"

#include <chrono>
#include <utility>

namespace Holdfast {

namespace {

// A thread that has had nothing to do for so long ends: disks come and go, and each has another number.
constexpr std::chrono::minutes IdleTime{1};

} // namespace

Errands &Errands::instance()
{
    static auto *const errands = new Errands; // never destroyed: its threads may be at work when the process ends
    return *errands;
}

void Errands::post(std::uint64_t disk, std::function<void()> errand, Purpose purpose)
{
    std::unique_lock lock(m_mutex);
    std::shared_ptr<Lane> &lane = m_lanes[{disk, purpose}];
    if (!lane)
        lane = std::make_shared<Lane>();
    lane->errands.push_back(std::move(errand));
    if (!lane->hasThread)
        startThread(lane);
    const bool hasThread = lane->hasThread;
    lane->posted.notify_one();
    lock.unlock(); // who handles messages may use locks
    if (!hasThread)
        qCWarning(lcHoldfast) << "cannot start a thread: leases are not renewed and losses go unnoticed";
}

// With m_mutex locked. Where no thread is to be had, the next errand tries again.
void Errands::startThread(const std::shared_ptr<Lane> &lane)
{
    auto theirs = std::make_unique<std::shared_ptr<Lane>>(lane);
    const auto enter = [](void *given) {
        const std::unique_ptr<std::shared_ptr<Lane>> own(static_cast<std::shared_ptr<Lane> *>(given));
        instance().run(*own);
    };
    lane->hasThread = os::startBackgroundThread("holdfast-disk", enter, theirs.get());
    if (lane->hasThread)
        static_cast<void>(theirs.release());
}

void Errands::run(const std::shared_ptr<Lane> &lane)
{
    std::unique_lock lock(m_mutex);
    while (lane->posted.wait_for(lock, IdleTime, [&lane] { return !lane->errands.empty(); })) {
        std::function<void()> errand = std::move(lane->errands.front());
        lane->errands.pop_front();
        lock.unlock();
        errand();
        errand = nullptr;
        lock.lock();
    }
    std::erase_if(m_lanes, [&lane](const auto &entry) { return entry.second == lane; });
}

void Errands::abandon()
{
    for (auto &[key, lane] : m_lanes) {
        m_abandoned.push_back(std::move(lane));
    }
    m_lanes.clear();
}

} // namespace Holdfast
