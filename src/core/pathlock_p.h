// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/abstractlock_p.h"

#include <atomic>
#include <mutex>
#include <string>
#include <utility>

namespace Holdfast {

/** What every lock on a path has behind its public face: the path, and options that make its backends. */
class HOLDFAST_CORE_EXPORT PathLockPrivate : public AbstractLockPrivate
{
public:
    /** Whether a relative path leads from where the program is when an acquisition begins, or when the lock is made. */
    enum class Anchor { Acquisition, Creation };

    explicit PathLockPrivate(QString path, Anchor anchoredAt = Anchor::Acquisition);

    QString name() const override;
    void beginAcquisition() override;

    /** Hands the current options to the engine, for the holds to come. Whoever derives calls it once complete. */
    void publish();

    /** Where to look for it, in the filesystem's encoding: where a hold or wait of this object has it, for a relative path may
        lead elsewhere since; else the path. */
    std::string place() const;

    enum class Change { Refused, None, Made };

    /** Changes one option, unless it may not be changed (and if @p onlyIdle: not now); then publishes. */
    template<class Private, class Value>
    Change set(const char *name, bool onlyIdle, Value Private::*member, Value value)
    {
        if (!mayChange(name, onlyIdle))
            return Change::Refused;
        {
            const std::scoped_lock lock(mutex);
            Value &mine = static_cast<Private *>(this)->*member;
            if (mine == value)
                return Change::None;
            mine = std::move(value);
        }
        publish();
        return Change::Made;
    }

    /** Tells of a change by @p signal of @p lock. Gives whether it was not refused, as the setters do. */
    template<class Lock>
    static bool tell(Change change, Lock *lock, void (Lock::*signal)())
    {
        if (change == Change::Made)
            Q_EMIT(lock->*signal)();
        return change != Change::Refused;
    }

    template<class Private, class Value>
    Value get(const Value Private::*member) const
    {
        const std::scoped_lock lock(mutex);
        return static_cast<const Private *>(this)->*member;
    }

    std::atomic<bool> leadsElsewhere{false}; ///< the path is relative
    const Anchor anchoredAt;
    std::string anchor;       ///< of a relative path: the directory from which it leads; empty: nothing has begun
    mutable std::mutex mutex; ///< guards the path and the options of the derived class
    QString givenPath;        ///< as the user spelled it

protected:
    /** What makes a backend for @p path (in the filesystem's encoding) with the options as they are now; mutex locked. */
    virtual LockCore::BackendFactory factoryFor(const std::string &path) const = 0;

    /** What finds a lock of another family that is in use on a path, and that backends do not find by themselves. */
    using FamilyCheck = Failure (*)(const std::string &path);
    virtual FamilyCheck otherFamilyCheck() const;

private:
    std::string anchored() const;
    LockCore::BackendFactory checkedFactory(const std::string &path) const;
};

} // namespace Holdfast
