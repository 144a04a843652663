// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/fingerprint.h"

#include "os/directory.h"
#include "os/durability.h"
#include "os/markerreader.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qfile.h>

#include <algorithm>

namespace Holdfast {

namespace {

constexpr std::size_t MostHashedBytes = 1 << 20; // a millisecond or two

// Filesystems count time in ticks, FAT in such of two seconds. What was changed shortly before we looked may have been changed
// again after, at the same time.
constexpr std::int64_t LongestTick = 2'000'000'000;

std::int64_t nanosecondsNow()
{
    return QDateTime::currentMSecsSinceEpoch() * 1'000'000;
}

Failure cannotRead(const std::string &path, const os::SystemError &error)
{
    Failure failure = systemFailure(path, error);
    failure.text = QStringLiteral("Cannot tell whether \"%1\" has changed (%2: %3). Check it before you write.")
                       .arg(QFile::decodeName(path.c_str()), QString::fromLatin1(error.operation),
                            QString::fromLocal8Bit(error.words()));
    return failure;
}

// A filesystem gives the number of a file that is gone to the next one that is made.
bool isSameFile(const os::FileFacts &one, const os::FileFacts &other)
{
    return one.identity == other.identity && one.type == other.type;
}

} // namespace

std::optional<Fingerprint> Fingerprint::of(const std::string &path, Failure *failure)
{
    Fingerprint print;
    print.m_takenAt = nanosecondsNow();
    const os::Directory working = os::Directory::working();
    os::Result<std::optional<os::FileFacts>> facts = working.facts(path);
    if (!facts) {
        *failure = cannotRead(path, facts.error());
        return std::nullopt;
    }
    if (!*facts)
        return print;
    print.m_facts = **facts;
    if (print.m_facts.type != os::FileFacts::Regular || static_cast<std::size_t>(print.m_facts.size) > MostHashedBytes)
        return print;
    os::MarkerReader reader;
    os::Result<std::optional<os::MarkerContent>> content = reader.read(working, path, MostHashedBytes);
    if (!content) // unreadable: the facts must do
        return print;
    if (!*content) { // gone since the first look
        print.m_facts = {};
        return print;
    }
    print.m_facts = (*content)->facts;
    const std::string &bytes = (*content)->bytes;
    if (bytes.size() <= MostHashedBytes)
        print.m_hash =
            QCryptographicHash::hash(QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())),
                                     QCryptographicHash::Blake2b_256);
    return print;
}

std::optional<FileDifference> Fingerprint::difference(const std::string &path, Trust trust, Failure *failure) const
{
    os::Result<std::optional<os::FileFacts>> facts = os::Directory::working().facts(path);
    if (!facts) {
        *failure = cannotRead(path, facts.error());
        return std::nullopt;
    }
    if (!*facts)
        return goneFrom(path);
    const bool isSettled =
        trust == Trust::Times && std::max(m_facts.modified, m_facts.changed) < m_takenAt - LongestTick;
    const bool looksSame = (*facts)->identity == m_facts.identity && (*facts)->size == m_facts.size
                           && (*facts)->modified == m_facts.modified && (*facts)->changed == m_facts.changed;
    if (looksSame && (isSettled || m_hash.isEmpty()))
        return FileDifference();
    const std::optional<Fingerprint> now = of(path, failure);
    if (!now)
        return std::nullopt;
    if (!now->exists()) // since the first look
        return goneFrom(path);
    const bool isUnreadable = now->m_hash.isEmpty(); // since the fingerprint was taken: the facts must do
    const bool isTheSame = isSameFile(now->m_facts, m_facts);
    if (hasSameBytes(*now) || (looksSame && isUnreadable))
        return FileDifference{isTheSame ? FileDifference::None : FileDifference::Rewritten};
    return FileDifference{isTheSame ? FileDifference::Written : FileDifference::Replaced};
}

FileDifference Fingerprint::goneFrom(const std::string &path) const
{
    if (!exists())
        return {};
    const bool hadOneName = m_facts.links == 1; // else one that is found may have been there all the time
    const std::string elsewhere = hadOneName ? newNameBeside(path) : std::string();
    return elsewhere.empty() ? FileDifference{FileDifference::Removed}
                             : FileDifference{FileDifference::Moved, elsewhere};
}

// Where the same file is now, as it was; empty: not here, or perhaps only its number.
std::string Fingerprint::newNameBeside(const std::string &path) const
{
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    os::Result<os::Directory> directory = os::Directory::open(folder);
    if (!directory)
        return {};
    os::Result<std::vector<std::string>> names = directory->list();
    if (!names)
        return {};
    for (const std::string &name : *names) {
        os::Result<std::optional<os::FileFacts>> facts = directory->facts(name);
        if (!facts || !*facts || !isSameFile(**facts, m_facts) || (*facts)->size != m_facts.size)
            continue;
        Failure unknown;
        if ((*facts)->modified == m_facts.modified || hasSameBytes(of(folder + name, &unknown).value_or(Fingerprint())))
            return folder + name;
    }
    return {};
}

void Fingerprint::noteRenaming(const std::string &path)
{
    os::Result<std::optional<os::FileFacts>> facts = os::Directory::working().facts(path);
    if (facts && *facts && (*facts)->identity == m_facts.identity && (*facts)->size == m_facts.size
        && (*facts)->modified == m_facts.modified)
        m_facts.changed = (*facts)->changed;
}

bool Fingerprint::hasSameBytes(const Fingerprint &now) const
{
    return !m_hash.isEmpty() && m_hash == now.m_hash && m_facts.size == now.m_facts.size;
}

Failure syncToDisk(std::intptr_t descriptor, const std::string &path)
{
    const os::Status synced = os::syncFile(descriptor);
    return synced ? Failure() : writeFailure(path, synced.error());
}

void syncDirectoryOf(const std::string &path)
{
    static_cast<void>(os::syncDirectory(path.substr(0, path.rfind('/') + 1)));
}

} // namespace Holdfast
