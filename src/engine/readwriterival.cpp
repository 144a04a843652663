// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/readwriterival.h"

#include "engine/readwriteholders.h"
#include "engine/readwriteownmarker.h"
#include "records/limits.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace Holdfast {

namespace {

// As for the other markers: for clocks that are not quite one.
constexpr std::chrono::seconds TornGrace{2};

} // namespace

bool mayPass(const os::SystemError &error)
{
    switch (error.kind) {
    case os::ErrorKind::System: // a disk or a server that does not answer
    case os::ErrorKind::OutOfResources:
        return true;
    default:
        return false;
    }
}

ReadWriteRival::Standing ReadWriteRival::look(const os::Directory &directory, const std::string &name)
{
    m_wasAnswered = false;
    os::Result<std::optional<os::FileFacts>> named = directory.facts(name);
    if (!named) { // what cannot be asked is there
        close();
        m_name = name;
        m_error = named.error();
        return mayPass(m_error) ? Standing::Live : Standing::Broken;
    }
    if (!*named || (*named)->type != os::FileFacts::Regular) {
        close();
        return *named ? Standing::NoFile : Standing::Gone;
    }
    const bool isOpen = m_reader.descriptor() >= 0 && m_content.facts.identity == (*named)->identity;
    os::Result<std::optional<os::MarkerContent>> content =
        isOpen ? m_reader.readAgain() : m_reader.read(directory, name, records::MostRecordBytes);
    if (!isOpen)
        m_opening = nextOpening();
    m_name = name;
    if (!content) { // unreadable is no proof of anything
        m_reader.close();
        m_content = {**named, {}};
        return Standing::Live;
    }
    m_wasAnswered = true;
    if (!*content) {
        close();
        return Standing::Gone;
    }
    m_content = *std::move(*content);
    if (m_content.facts.type != os::FileFacts::Regular)
        return Standing::NoFile;
    return isStale(directory) ? Standing::Stale : Standing::Live;
}

// Whoever makes a marker has the mutex until it is whole. So one that is empty (or zeros, after a machine went down) belongs to
// nobody who lives, once somebody else has the mutex; and without it nothing is removed.
bool ReadWriteRival::isTorn() const
{
    return m_reader.descriptor() >= 0 && m_content.bytes.find_first_not_of('\0') == std::string::npos;
}

// Python's peers know only the age; that an owner has died before, they see by his marker being gone.
bool ReadWriteRival::isStale(const os::Directory &directory)
{
    const auto threshold =
        isTorn() ? std::min<std::chrono::nanoseconds>(TornGrace, m_staleThreshold) : m_staleThreshold;
    if (const auto marker = records::readReadWriteMarker(m_content.bytes)) {
        if (livenessIn(*marker, m_reader) == Liveness::Dead)
            return true;
    }
    constexpr std::chrono::nanoseconds more{1}; // exactly as old as the threshold is not stale yet
    return m_age.isAtLeast(threshold + more, m_content.facts.modified, directory, m_name);
}

Removal ReadWriteRival::evict(const os::Directory &directory)
{
    const Removal removal = removeJudged(directory, m_name, m_reader, m_content);
    if (removal == Removal::Done)
        close();
    return removal;
}

void ReadWriteRival::close()
{
    m_reader.close();
    m_content = {};
    m_name.clear();
}

} // namespace Holdfast
