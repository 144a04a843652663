// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/reclaim.h"

#include "engine/logging.h"
#include "os/descriptorlock.h"
#include "os/process.h"
#include "os/random.h"
#include "os/serverlock.h"
#include "records/canonical.h"
#include "records/fields.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace Holdfast {

namespace {

/** Keeps others of this library from removing the same file. Where the system cannot lock, there is no such protection. */
class RemovalGuard
{
public:
    explicit RemovalGuard(std::intptr_t descriptor)
    {
        if (descriptor < 0 || take(descriptor))
            return;
        if (os::Result<os::Descriptor> writable = os::reopenForWriting(descriptor)) {
            m_writable = std::move(*writable);
            take(m_writable.number());
        }
    }
    ~RemovalGuard()
    {
        if (m_locked >= 0)
            static_cast<void>(os::unlockDescriptor(m_locked));
    }
    RemovalGuard(const RemovalGuard &) = delete;
    RemovalGuard &operator=(const RemovalGuard &) = delete;
    bool isOthers() const { return m_isOthers; }

private:
    // False: through this open file the system cannot lock.
    bool take(std::intptr_t descriptor)
    {
        os::Result<os::LockAnswer> answer = os::tryLockDescriptor(descriptor, os::LockStrength::Exclusive);
        m_isOthers = answer && *answer == os::LockAnswer::Busy;
        m_locked = answer && !m_isOthers ? descriptor : -1;
        return bool(answer);
    }
    os::Descriptor m_writable;
    std::intptr_t m_locked = -1;
    bool m_isOthers = false;
};

constexpr std::string_view AsideMark = ".break.";

// Of a name that leaves no room for an end of so many bytes, only the beginning is taken: it would block for ever if it could
// not be moved. No character is cut in two, for some filesystems take no other names.
std::string_view shortened(std::string_view name, std::size_t end)
{
    constexpr std::size_t longest = 255; // bytes in one name, on every filesystem that locks are used on
    constexpr std::size_t longestCharacter = 4;
    const std::size_t room = longest - std::min(longest, end);
    if (name.size() <= room)
        return name;
    const auto isInside = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }; // a character
    std::size_t size = room;
    while (size > 0 && room - size < longestCharacter && isInside(name[size]))
        --size;
    return name.substr(0, isInside(name[size]) ? room : size); // what is no UTF-8 may be cut anywhere
}

bool isSame(const os::FileFacts &now, const os::FileFacts &judged)
{
    return now.identity == judged.identity && now.type == judged.type && now.modified == judged.modified;
}

// Whether the name leads to the same file, with the same time and bytes. An inode number alone may be given again.
//
// It is opened anew, for only that makes a network filesystem ask its server. What it says of an open file or of a name may be a
// minute old (NFS: acregmax), and so may the last heartbeat that we know of. What could not be read is not read now, either.
bool isStill(const os::Directory &directory, const std::string &name, const os::MarkerReader &reader,
             const os::MarkerContent &judged)
{
    if (reader.descriptor() < 0) {
        os::Result<std::optional<os::FileFacts>> facts = directory.facts(name);
        return facts && *facts && isSame(**facts, judged.facts);
    }
    os::MarkerReader anew;
    os::Result<std::optional<os::MarkerContent>> content = anew.read(directory, name, reader.limit());
    return content && *content && isSame((*content)->facts, judged.facts) && (*content)->bytes == judged.bytes;
}

// By a link, which never replaces what somebody may have made there meanwhile; not every filesystem can promise that of
// a renaming.
void putBack(const os::Directory &directory, const std::string &aside, const std::string &name)
{
    os::Result<bool> linked = directory.link(aside, name);
    if (linked && *linked) {
        static_cast<void>(directory.remove(aside));
        return;
    }
    if (!linked && directory.rename(aside, name)) // no hard links here
        return;
    qCWarning(lcHoldfast) << "a live owner's marker could not get its name back:" << name.c_str()
                          << "is taken; it is now" << aside.c_str();
}

} // namespace

Removal removeJudged(const os::Directory &directory, const std::string &name, const os::MarkerReader &reader,
                     const os::MarkerContent &judged)
{
    const RemovalGuard guard(judged.facts.type == os::FileFacts::Regular ? reader.descriptor() : -1);
    if (guard.isOthers())
        return Removal::InUse;
    if (!isStill(directory, name, reader, judged))
        return Removal::Changed;
    const std::string aside = asideName(name);
    if (os::Status renamed = directory.rename(name, aside); !renamed)
        return renamed.error().kind == os::ErrorKind::NotFound ? Removal::Changed : Removal::Failed;
    if (!isStill(directory, aside, reader, judged)) {
        putBack(directory, aside, name);
        return Removal::Changed;
    }
    static_cast<void>(directory.remove(aside)); // it is out of the way in any case
    return Removal::Done;
}

// As Python's filelock names them, so that both know each other's leftovers.
std::string asideName(const std::string &name)
{
    const std::string end = std::string(AsideMark) + std::to_string(os::currentProcess()) + "." + os::randomHex(16);
    const std::size_t begin = name.rfind('/') + 1; // npos + 1 is 0
    const std::string_view all = name;
    return std::string(all.substr(0, begin)).append(shortened(all.substr(begin), end.size())).append(end);
}

bool isAside(std::string_view aside, std::string_view name)
{
    const auto mark = aside.rfind(AsideMark);
    if (mark == std::string_view::npos || aside.substr(0, mark) != shortened(name, aside.size() - mark))
        return false;
    aside.remove_prefix(mark + AsideMark.size());
    const std::string_view process = records::takeUntil(aside, '.');
    return records::readCanonicalProcess(process) && records::isToken(aside);
}

os::Status removeOwn(const os::Directory &directory, const std::string &name, const os::FileIdentity &identity,
                     std::intptr_t own)
{
    const RemovalGuard guard(own);
    os::Result<std::optional<os::FileFacts>> facts = directory.facts(name);
    if (!facts)
        return facts.error();
    if (!*facts || (*facts)->identity != identity)
        return {};
    if (!guard.isOthers())
        return directory.remove(name);
    // Somebody judges it at this moment, and may put his own in its place before we have removed ours by its name.
    const std::string aside = asideName(name);
    if (os::Status renamed = directory.rename(name, aside); !renamed)
        return renamed.error().kind == os::ErrorKind::NotFound ? os::Status() : renamed;
    os::Result<std::optional<os::FileFacts>> moved = directory.facts(aside);
    if (moved && *moved && (*moved)->identity == identity)
        return directory.remove(aside);
    putBack(directory, aside, name);
    return {};
}

} // namespace Holdfast
