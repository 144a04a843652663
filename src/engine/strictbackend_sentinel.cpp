// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What lies at the path of a strict lock.

#include "engine/strictbackend.h"

#include "engine/databasefile.h"
#include "engine/fileholder.h"
#include "engine/markerfamilyname.h"
#include "engine/publish.h"
#include "engine/strictfailure.h"
#include "os/claimanswers.h"
#include "records/limits.h"

#include <utility>

namespace Holdfast {

namespace {

constexpr int MaxTurns = 4; // missing, somebody faster, removed again

constexpr std::chrono::milliseconds SoonAgain{2};

// For so long, a file that is no marker may be one that is being written. As in Python's filelock.
constexpr std::chrono::seconds WritingGrace{2};
constexpr std::chrono::milliseconds WritingPoll{50};

} // namespace

std::optional<Attempt> StrictBackend::checkSentinel()
{
    m_softInTheWay = false;
    m_identity = {};
    for (int turn = 0; turn < MaxTurns; ++turn) {
        os::Result<std::optional<os::MarkerContent>> content = readSentinel();
        if (!content) {
            return os::saysVanished(content.error()) ? Attempt::busy(SoonAgain)
                                                     : Attempt::failed(systemFailure(m_place.path(), content.error()));
        }
        if (*content)
            return judge(**content);
        if (std::optional<Attempt> answer = publishSentinel())
            return answer;
    }
    return Attempt::busy(SoonAgain);
}

// A soft marker stays open between two looks, so that no closing of ours wakes others who wait for it.
os::Result<std::optional<os::MarkerContent>> StrictBackend::readSentinel()
{
    os::Result<std::optional<os::FileFacts>> named = m_place.parent().facts(m_place.fileName());
    os::Result<std::optional<os::MarkerContent>> content = m_sentinel.readAgain();
    const bool isSame = named && *named && content && *content && (*content)->facts.identity == (*named)->identity;
    if (isSame)
        return content;
    ++m_opening;
    return m_sentinel.read(m_place.parent(), m_place.fileName(), records::MostRecordBytes);
}

std::optional<Attempt> StrictBackend::publishSentinel()
{
    if (os::Result<std::vector<std::string>> names = m_place.parent().list()) {
        for (const std::string &name : *names) {
            if (records::publicNameOf(name) == m_place.fileName())
                static_cast<void>(
                    m_scan.reap(m_place, m_place.parent(), name)); // in a directory that may be everybody's
        }
    }
    os::MarkerFile file;
    os::Result<bool> published =
        publish(m_place.parent(), m_place.fileName(), records::StrictSentinel, m_options.permissions, file);
    if (!published)
        return Attempt::failed(strictFailure(m_place.path(), published.error()));
    return std::nullopt; // ours or somebody else's: look again
}

// Nothing: it is the sentinel.
std::optional<Attempt> StrictBackend::judge(const os::MarkerContent &content)
{
    using records::MarkerFamily;
    m_identity = content.facts.identity;
    if (content.facts.type != os::FileFacts::Regular)
        return Attempt::failed(systemFailure(m_place.path(), os::notAFile("open")));
    const MarkerFamily family = records::markerFamily(content.bytes);
    if (family == MarkerFamily::StrictSentinel)
        return std::nullopt;
    if (family == MarkerFamily::Soft) {
        m_softInTheWay = true;
        return Attempt::busy();
    }
    const bool mayBeUnfinished = family == MarkerFamily::Empty || family == MarkerFamily::Other;
    const auto isOld = [&] {
        return m_age.isAtLeast(WritingGrace, content.facts.modified, m_place.parent(), m_place.fileName());
    };
    if (mayBeUnfinished && !isOld()) {
        m_softInTheWay = true;
        return Attempt::busy(WritingPoll);
    }
    const bool isEmpty = family == MarkerFamily::Empty;
    const char *name = familyName(family);
    if (isEmpty && fileHolder(m_place.path()).isValid())
        name = SystemLock;
    else if (isEmpty && !databaseFileHolders(m_place.path()).isEmpty())
        name = DatabaseLock;
    return Attempt::failed(otherFamily(m_place.path(), name));
}

} // namespace Holdfast
