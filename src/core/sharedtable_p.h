// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/sharedlock.h>

#include "core/abstractlock_p.h"
#include "engine/canonicalname.h"
#include "engine/fork.h"

#include <QtCore/qfile.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace Holdfast {

/** The names of the options in which a caller and the first caller differ. */
class OptionDifferences
{
public:
    template<class Value>
    void compare(const Value &wanted, const Value &frozen, const char *name)
    {
        if (!(wanted == frozen))
            m_names += QString::fromLatin1(name);
    }
    const QStringList &names() const { return m_names; }

private:
    QStringList m_names;
};

/** Compares the options that every lock has. */
template<class Options>
OptionDifferences commonDifferences(const Options &wanted, const Options &frozen)
{
    OptionDifferences all;
    all.compare(wanted.timeout, frozen.timeout, "timeout");
    all.compare(wanted.pollInterval, frozen.pollInterval, "pollInterval");
    all.compare(wanted.blocking, frozen.blocking, "blocking");
    all.compare(wanted.lifetime, frozen.lifetime, "lifetime");
    all.compare(wanted.threadScope, frozen.threadScope, "threadScope");
    return all;
}

/**
 * One lock object per file in a process, for those who ask for it: what a class's shared() looks into. @p Options is what the
 * first caller froze.
 */
template<class Lock, class Options>
class SharedTable
{
public:
    struct Rules
    {
        std::function<OptionDifferences(const Options &wanted, const Options &frozen)> differences;
        std::function<bool(const Lock &)> isUsable;       ///< whether one that is there may be handed out
        std::function<void(Lock &)> freeze;               ///< so that nobody changes its options
        std::function<std::shared_ptr<Lock>()> make = {}; ///< nothing: it is the one on the path that is the key
    };

    /** The lock that @p key names, made when missing; @p path is how the caller calls it. Any thread. */
    static SharedLock<Lock> get(const std::string &key, const QString &path, const Options &options, const Rules &rules)
    {
        SharedTable &all = instance();
        const std::scoped_lock lock(all.m_mutex); // also over the construction: two threads make one object
        all.tidy();
        Entry &entry = all.m_entries[key];
        if (auto existing = entry.lock.lock(); existing && rules.isUsable(*existing)) {
            const QStringList differing = rules.differences(options, entry.options).names();
            if (!differing.isEmpty())
                return {nullptr, LockError::InvalidArgument,
                        QStringLiteral("The shared lock on \"%1\" exists with other options (%2). Ask for it with the "
                                       "same ones.")
                            .arg(path, differing.join(QStringLiteral(", ")))};
            return {existing};
        }
        // Not as it was spelled: a relative path, or a link on the way, may lead elsewhere when the lock is used.
        auto created = rules.make ? rules.make() : std::make_shared<Lock>(QFile::decodeName(key.c_str()), options);
        if (created->error() != LockError::None)
            return {nullptr, created->error(), created->errorString()};
        rules.freeze(*created);
        entry = {created, options};
        return {created};
    }

    /** The same for a lock that is known by its canonical name, and may be handed out for as long as it lives. */
    static SharedLock<Lock> getByName(const QString &path, const Options &options,
                                      OptionDifferences (*differences)(const Options &, const Options &),
                                      void (*freeze)(Lock &))
    {
        Failure failure;
        const std::string key = canonicalName(path, &failure);
        if (failure.isSet())
            return {nullptr, failure.error, failure.text};
        return get(key, path, options,
                   {.differences = differences, .isUsable = [](const Lock &) { return true; }, .freeze = freeze});
    }

private:
    struct Entry
    {
        std::weak_ptr<Lock> lock;
        Options options;
    };

    static SharedTable &instance()
    {
        static auto *current = new SharedTable; // never destroyed: a static shared lock may outlive every other object
        if (current->m_generation != forkGeneration())
            current = new SharedTable; // the parent's locks are not ours, and its mutex may be locked for ever
        return *current;
    }

    void tidy()
    {
        if (m_entries.size() < m_tidyAt)
            return;
        std::erase_if(m_entries, [](const auto &entry) { return entry.second.lock.expired(); });
        m_tidyAt = std::max<std::size_t>(64, 2 * m_entries.size());
    }

    std::mutex m_mutex;
    std::map<std::string, Entry> m_entries;
    std::size_t m_tidyAt = 64; // twice as many as were in use last time: then what nobody uses any more goes
    unsigned m_generation = forkGeneration();
};

} // namespace Holdfast
