// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/readwriteownmarker.h"

#include "engine/owner.h"
#include "engine/ownfacts.h"
#include "engine/reclaim.h"
#include "records/limits.h"
#include "records/readwritemarker.h"

#include <atomic>
#include <optional>

namespace Holdfast {

namespace {

constexpr unsigned MarkerMode = 0600;

} // namespace

std::uint64_t nextOpening()
{
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

os::Result<bool> ReadWriteOwnMarker::create(const os::Directory &directory, const std::string &name,
                                            const std::string &token)
{
    forget();
    os::Result<bool> created = m_file.create(directory, name, MarkerMode);
    if (!created || !*created)
        return created;
    m_name = name;
    m_token = token;
    m_opening = nextOpening();
    os::Result<os::FileFacts> facts = factsOfOwn(m_file);
    if (!facts) { // what cannot be told to be ours is not removed; it ages, and goes
        forget();
        return facts.error();
    }
    m_identity = facts->identity;
    if (os::Status written = write(); !written) {
        static_cast<void>(removeOwn(directory, m_name, m_identity, m_file.descriptor()));
        forget();
        return written.error();
    }
    noteOwnNamespace(m_file.descriptor());
    return true;
}

os::Status ReadWriteOwnMarker::write()
{
    const Owner owner = currentOwner();
    return m_file.write(records::writeReadWriteMarker({m_token, owner.process, markerHostOf(owner)}));
}

os::Result<ReadWriteOwnMarker::Standing> ReadWriteOwnMarker::check(const os::Directory &directory)
{
    os::Result<Standing> standing = read(directory);
    if (!standing || *standing != Standing::Ours)
        m_reader.close(); // a stale handle stays stale, a new one may be good
    return standing;
}

// What was read stays open: reading it again then is no event for those who watch it.
os::Result<ReadWriteOwnMarker::Standing> ReadWriteOwnMarker::read(const os::Directory &directory)
{
    os::Result<std::optional<os::FileFacts>> named = directory.facts(m_name);
    if (!named)
        return named.error();
    if (!*named)
        return Standing::Missing;
    const bool isOpen = m_reader.descriptor() >= 0 && m_read == (*named)->identity;
    os::Result<std::optional<os::MarkerContent>> content =
        isOpen ? m_reader.readAgain() : m_reader.read(directory, m_name, records::MostRecordBytes);
    if (!content)
        return content.error();
    if (!*content)
        return Standing::Missing;
    m_read = (*content)->facts.identity;
    const auto marker = records::readReadWriteMarker((*content)->bytes);
    return marker && marker->token == m_token ? Standing::Ours : Standing::Foreign;
}

os::Result<ReadWriteOwnMarker::Standing> ReadWriteOwnMarker::refresh(const os::Directory &directory)
{
    os::Result<Standing> standing = check(directory);
    if (!standing || *standing != Standing::Ours)
        return standing;
    if (os::Status refreshed = m_reader.refresh(); !refreshed) // never by name: it may lead elsewhere by now
        return refreshed.error();
    return standing;
}

os::Status ReadWriteOwnMarker::remove(const os::Directory &directory)
{
    if (!isThere())
        return {};
    os::Result<Standing> standing = check(directory);
    os::Status removed;
    if (!standing) // its text cannot be asked, but we know the file itself
        removed = removeOwn(directory, m_name, m_identity, m_file.descriptor());
    else if (*standing == Standing::Ours)
        removed = removeOwn(directory, m_name, m_read, m_reader.descriptor());
    if (removed)
        forget();
    return removed;
}

void ReadWriteOwnMarker::forget()
{
    m_reader.close();
    m_file.close();
    m_identity = {};
}

void ReadWriteOwnMarker::abandon()
{
    m_reader.abandon();
    m_file.abandon();
}

} // namespace Holdfast
