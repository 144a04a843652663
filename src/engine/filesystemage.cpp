// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/filesystemage.h"

#include "engine/clock.h"
#include "os/filesystemclock.h"

namespace Holdfast {

namespace {

// How long what the filesystem said is believed. Longer: cheaper waits, later news of a clock that was set there.
constexpr std::chrono::seconds BelievedFor{10};

} // namespace

bool FilesystemAge::isAtLeast(std::chrono::nanoseconds age, std::int64_t modified, const os::Directory &directory,
                              const std::string &besideName)
{
    const auto elapsed = [&](std::int64_t now) { return std::chrono::nanoseconds(now - modified); };
    const auto sinceAsked = clock().boot() - m_askedAt.value_or(std::chrono::nanoseconds::zero());
    if (m_askedAt && sinceAsked < BelievedFor && elapsed(m_filesystemTime + sinceAsked.count()) < age)
        return false;
    const std::optional<std::int64_t> now = this->now(directory, besideName);
    return now && elapsed(*now) >= age;
}

std::optional<std::int64_t> FilesystemAge::now(const os::Directory &directory, const std::string &besideName)
{
    m_askedAt.reset();
    os::Result<std::int64_t> now = os::filesystemNow(directory, besideName);
    if (!now)
        return std::nullopt;
    m_filesystemTime = *now;
    m_askedAt = clock().boot();
    return m_filesystemTime;
}

} // namespace Holdfast
