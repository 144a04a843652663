// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/timetable.h"

namespace Holdfast {

void Timetable::set(const Hold *key, Appointment appointment, std::chrono::nanoseconds moment)
{
    const Kind kind = appointment.kind;
    cancel(key, kind);
    m_moments[{key, kind}] = moment;
    m_appointments.emplace(Place{moment, {key, kind}}, std::move(appointment));
}

void Timetable::cancel(const Hold *key, Kind kind)
{
    const auto found = m_moments.find({key, kind});
    if (found == m_moments.end())
        return;
    m_appointments.erase(Place{found->second, {key, kind}});
    m_moments.erase(found);
}

void Timetable::cancelAll(const Hold *key)
{
    for (const Kind kind : {Kind::Expiry, Kind::Renewal, Kind::GiveUp})
        cancel(key, kind);
}

void Timetable::clear()
{
    m_appointments.clear();
    m_moments.clear();
}

std::vector<Timetable::Appointment> Timetable::takeDue(std::chrono::nanoseconds now)
{
    std::vector<Appointment> due;
    while (!m_appointments.empty() && m_appointments.begin()->first.first <= now) {
        const auto first = m_appointments.begin();
        m_moments.erase(first->first.second);
        due.push_back(std::move(first->second));
        m_appointments.erase(first);
    }
    return due;
}

std::optional<std::chrono::nanoseconds> Timetable::next() const
{
    if (m_appointments.empty())
        return std::nullopt;
    return m_appointments.begin()->first.first;
}

} // namespace Holdfast
