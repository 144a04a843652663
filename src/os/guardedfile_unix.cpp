// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/guardedfile.h"
#include "os/rangelock.h"
#include "os/syscalls_unix.h"

#include <atomic>
#include <map>
#include <mutex>
#include <sys/file.h>
#include <utility>
#include <vector>

namespace Holdfast::os {

namespace {

using Key = std::pair<std::uint64_t, std::uint64_t>;
using Descriptors = std::vector<int>;

/** The files that are guarded, and what of them is to be closed when they are not any more. */
struct Table
{
    std::atomic<int> size{0}; // for a look without the mutex
    std::mutex mutex;         // leaf
    std::map<Key, Descriptors> kept;

    static Table &instance()
    {
        static auto *const table = new Table; // never destroyed: a static lock may outlive every other object
        return *table;
    }

    Descriptors take(const Key &key)
    {
        const auto node = kept.extract(key);
        size = static_cast<int>(kept.size());
        return node ? std::move(node.mapped()) : Descriptors();
    }
};

Key keyOf(const FileIdentity &identity)
{
    return {identity.device, identity.number};
}

Key keyOf(const struct stat &facts)
{
    return {static_cast<std::uint64_t>(facts.st_dev), static_cast<std::uint64_t>(facts.st_ino)};
}

void closeAll(const Descriptors &descriptors)
{
    for (const int descriptor : descriptors)
        systemCalls().close(descriptor);
}

// What closing would have let go of, but for what is the process's.
void unlockAllOf(int descriptor)
{
    systemCalls().flock(descriptor, LOCK_UN);
    static_cast<void>(unlockRange(descriptor, {0, 0})); // to the end
}

bool keepIfGuarded(int descriptor)
{
    Table &table = Table::instance();
    struct stat facts;
    if (table.size == 0 || systemCalls().fstat(descriptor, &facts) != 0)
        return false;
    const std::scoped_lock lock(table.mutex);
    const auto found = table.kept.find(keyOf(facts));
    if (found == table.kept.end())
        return false;
    unlockAllOf(descriptor);
    found->second.push_back(descriptor);
    return true;
}

} // namespace

GuardedFile::GuardedFile(const FileIdentity &identity) : m_identity(identity)
{
    Table &table = Table::instance();
    const std::scoped_lock lock(table.mutex);
    table.kept.try_emplace(keyOf(identity));
    table.size = static_cast<int>(table.kept.size());
}

GuardedFile::~GuardedFile()
{
    Descriptors descriptors;
    {
        const std::scoped_lock lock(Table::instance().mutex);
        descriptors = Table::instance().take(keyOf(m_identity));
    }
    closeAll(descriptors);
}

void GuardedFile::lockAll()
{
    Table::instance().mutex.lock();
}

void GuardedFile::unlockAll()
{
    Table::instance().mutex.unlock();
}

void GuardedFile::abandonAll()
{
    Table &table = Table::instance();
    for (const auto &[key, descriptors] : table.kept)
        closeAll(descriptors);
    table.size = 0;
    new std::map<Key, Descriptors>(std::exchange(table.kept, {}));
}

Status checkUnguarded(std::intptr_t directory, const std::string &name)
{
    Table &table = Table::instance();
    struct stat facts;
    if (table.size == 0
        || systemCalls().fstatat(static_cast<int>(directory), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0)
        return {};
    const std::scoped_lock lock(table.mutex);
    if (!table.kept.contains(keyOf(facts)))
        return {};
    return SystemError{ErrorKind::InUseHere, 0, "open", "this process has it open through SQLite"};
}

void closeUnguarded(std::intptr_t descriptor)
{
    if (!keepIfGuarded(static_cast<int>(descriptor)))
        systemCalls().close(static_cast<int>(descriptor));
}

} // namespace Holdfast::os
