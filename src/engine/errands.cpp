// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/errands.h"

#include "engine/logging.h"
#include "os/backgroundthread.h"

#include <utility>

namespace Holdfast {

Errands &Errands::instance()
{
    static auto *const errands = new Errands; // never destroyed, as its thread never ends
    return *errands;
}

void Errands::post(std::function<void()> errand)
{
    const std::scoped_lock lock(m_mutex);
    m_errands.push_back(std::move(errand));
    if (!m_alarm) {
        m_alarm = std::make_unique<os::Alarm>();
        m_alarm->prepare();
        if (!os::startBackgroundThread("holdfast-disk", runForEver))
            qCWarning(lcHoldfast) << "cannot start a thread: leases are not renewed and losses go unnoticed";
    }
    m_alarm->ring();
}

void Errands::runForEver()
{
    Errands &self = instance();
    for (;;) {
        while (self.runNext()) {
        }
        self.m_alarm->wait(std::nullopt);
    }
}

bool Errands::runNext()
{
    std::function<void()> errand;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_errands.empty())
            return false;
        errand = std::move(m_errands.front());
        m_errands.pop_front();
    }
    errand();
    return true;
}

void Errands::abandon()
{
    m_errands.clear();
    static_cast<void>(m_alarm.release()); // its thread is the parent's
}

} // namespace Holdfast
