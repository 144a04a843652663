// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One lock object per file in a process, for those who ask for it.

#include <holdfast/filelock.h>

#include "core/filelock_p.h"
#include "engine/canonicalname.h"
#include "engine/fork.h"

#include <QtCore/qfile.h>
#include <QtCore/qstringlist.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>

namespace Holdfast {

namespace {

struct Entry
{
    std::weak_ptr<FileLock> lock;
    FileLockOptions options;
};

struct Table
{
    std::mutex mutex;
    std::map<std::string, Entry> entries;
    std::size_t tidyAt = 64; // twice as many as were in use last time: then what nobody uses any more goes
    unsigned generation = forkGeneration();
};

Table &table()
{
    static Table *current = new Table; // never destroyed: a static shared lock may outlive every other object
    if (current->generation != forkGeneration())
        current = new Table; // the parent's locks are not ours, and its mutex may be locked for ever
    return *current;
}

void tidy(Table &all)
{
    if (all.entries.size() < all.tidyAt)
        return;
    std::erase_if(all.entries, [](const auto &entry) { return entry.second.lock.expired(); });
    all.tidyAt = std::max<std::size_t>(64, 2 * all.entries.size());
}

QStringList differences(const FileLockOptions &wanted, const FileLockOptions &frozen)
{
    QStringList names;
    const auto compare = [&names](bool equal, const char *name) {
        if (!equal)
            names += QString::fromLatin1(name);
    };
    compare(wanted.timeout == frozen.timeout, "timeout");
    compare(wanted.pollInterval == frozen.pollInterval, "pollInterval");
    compare(wanted.blocking == frozen.blocking, "blocking");
    compare(wanted.lifetime == frozen.lifetime, "lifetime");
    compare(wanted.threadScope == frozen.threadScope, "threadScope");
    compare(wanted.mode == frozen.mode, "mode");
    compare(wanted.permissions == frozen.permissions, "permissions");
    compare(wanted.contents == frozen.contents, "contents");
    compare(wanted.softFallback == frozen.softFallback, "softFallback");
    compare(wanted.preserveFile == frozen.preserveFile, "preserveFile");
    compare(wanted.heldHook == frozen.heldHook, "heldHook");
    return names;
}

SharedFileLock refused(LockError error, const QString &text)
{
    SharedFileLock result;
    result.error = error;
    result.errorString = text;
    return result;
}

} // namespace

SharedFileLock FileLock::shared(const QString &path, const FileLockOptions &options)
{
    Failure failure;
    const std::string key = canonicalName(path, &failure);
    if (failure.isSet())
        return refused(failure.error, failure.text);
    Table &all = table();
    const std::scoped_lock lock(all.mutex); // also over the construction: two threads make one object
    tidy(all);
    Entry &entry = all.entries[key];
    if (auto existing = entry.lock.lock()) {
        const QStringList differing = differences(options, entry.options);
        if (!differing.isEmpty())
            return refused(
                LockError::InvalidArgument,
                QStringLiteral("The shared lock on \"%1\" exists with other options (%2). Ask for it with the "
                               "same ones.")
                    .arg(path, differing.join(QStringLiteral(", "))));
        return {existing};
    }
    // Not as it was spelled: a relative path, or a link on the way, may lead elsewhere when the lock is used.
    auto created = std::make_shared<FileLock>(QFile::decodeName(key.c_str()), options);
    if (created->error() != LockError::None)
        return refused(created->error(), created->errorString());
    created->d_func()->frozen = true;
    entry = {created, options};
    return {created};
}

} // namespace Holdfast
