// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/alarm.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace Holdfast::os {

namespace {

// How long a wait lasts at most that nobody can end, for want of a descriptor.
constexpr std::chrono::nanoseconds Deaf = std::chrono::seconds(1);

timespec toTimespec(std::chrono::nanoseconds time)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    return {static_cast<time_t>(seconds.count()), static_cast<long>((time - seconds).count())};
}

void drain(int descriptor)
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t size = ::read(descriptor, &count, sizeof count);
}

} // namespace

Alarm::~Alarm()
{
    close();
}

void Alarm::close()
{
    if (m_bell >= 0)
        ::close(m_bell);
    if (m_timer >= 0)
        ::close(m_timer);
    m_bell = m_timer = -1;
}

void Alarm::prepare()
{
    if (m_bell < 0)
        m_bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void Alarm::ring()
{
    // Either we see the bell here, or wait(), which opens it first and looks at this afterwards, sees that it was rung.
    m_rung = true;
    if (m_bell < 0)
        return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t size = ::write(m_bell, &one, sizeof one);
}

void Alarm::wait(std::optional<std::chrono::nanoseconds> limit, int descriptor)
{
    prepare();
    m_waits = true; // before m_timer is read: either we listen to it, or ringAt() rings
    waitNow(limit, descriptor);
    m_waits = false;
}

void Alarm::waitNow(std::optional<std::chrono::nanoseconds> limit, int descriptor)
{
    if (m_rung.exchange(false))
        limit = std::chrono::nanoseconds::zero();
    if (m_bell < 0)
        limit = std::min(limit.value_or(Deaf), Deaf);
    // poll(2) ignores negative descriptors, so a missing one needs no case of its own.
    std::array<pollfd, 3> sources{{{m_bell, POLLIN, 0}, {m_timer, POLLIN, 0}, {descriptor, POLLIN, 0}}};
    timespec time{};
    if (limit)
        time = toTimespec(std::max(*limit, std::chrono::nanoseconds::zero()));
    if (ppoll(sources.data(), sources.size(), limit ? &time : nullptr, nullptr) <= 0)
        return;
    if (sources[0].revents) {
        drain(m_bell);
        m_rung = false;
    }
    if (sources[1].revents)
        drain(m_timer);
}

bool Alarm::ringAt(std::optional<std::chrono::nanoseconds> moment)
{
    if (m_timer < 0) {
        if (!moment)
            return true;
        m_timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
        if (m_waits) // and does not listen to it yet
            ring();
    }
    itimerspec when{};
    if (moment) // a zero would disarm it
        when.it_value = toTimespec(std::max(*moment, std::chrono::nanoseconds(1)));
    return timerfd_settime(m_timer, TFD_TIMER_ABSTIME, &when, nullptr) == 0;
}

void Alarm::abandon()
{
    close();
    m_rung = false;
}

} // namespace Holdfast::os
