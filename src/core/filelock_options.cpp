// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The options of a FileLock.

#include <holdfast/filelock.h>

#include "core/filelock_p.h"

#include <utility>

namespace Holdfast {

namespace {

template<class Value>
Value get(const FileLockPrivate &d, const Value FileLockPrivate::*member)
{
    const std::scoped_lock lock(d.mutex);
    return d.*member;
}

enum class Change { Refused, None, Made };

template<class Value>
Change set(FileLockPrivate &d, const char *name, bool onlyIdle, Value FileLockPrivate::*member, Value value)
{
    if (!d.mayChange(name, onlyIdle))
        return Change::Refused;
    {
        const std::scoped_lock lock(d.mutex);
        if (d.*member == value)
            return Change::None;
        d.*member = std::move(value);
    }
    d.publish();
    return Change::Made;
}

} // namespace

QString FileLock::path() const
{
    return d_func()->name();
}

bool FileLock::setPath(const QString &path)
{
    const Change change = set(*d_func(), "path", true, &FileLockPrivate::path, path);
    if (change == Change::Made)
        Q_EMIT pathChanged();
    return change != Change::Refused;
}

LockMode FileLock::mode() const
{
    return d_ptr->core->options.mode;
}

bool FileLock::setMode(LockMode mode)
{
    if (!d_ptr->mayChange("mode", true))
        return false;
    if (d_ptr->core->options.mode.exchange(mode) != mode)
        Q_EMIT modeChanged();
    return true;
}

QFileDevice::Permissions FileLock::permissions() const
{
    return get(*d_func(), &FileLockPrivate::permissions);
}

bool FileLock::setPermissions(QFileDevice::Permissions permissions)
{
    const Change change = set(*d_func(), "permissions", true, &FileLockPrivate::permissions, permissions);
    if (change == Change::Made)
        Q_EMIT permissionsChanged();
    return change != Change::Refused;
}

FileContents FileLock::contents() const
{
    return get(*d_func(), &FileLockPrivate::contents);
}

bool FileLock::setContents(FileContents contents)
{
    const Change change = set(*d_func(), "contents", true, &FileLockPrivate::contents, contents);
    if (change == Change::Made)
        Q_EMIT contentsChanged();
    return change != Change::Refused;
}

SoftFallback FileLock::softFallback() const
{
    return get(*d_func(), &FileLockPrivate::softFallback);
}

bool FileLock::setSoftFallback(SoftFallback fallback)
{
    const Change change = set(*d_func(), "softFallback", true, &FileLockPrivate::softFallback, fallback);
    if (change == Change::Made)
        Q_EMIT softFallbackChanged();
    return change != Change::Refused;
}

bool FileLock::preservesFile() const
{
    return get(*d_func(), &FileLockPrivate::preserveFile);
}

bool FileLock::setPreserveFile(bool preserve)
{
    const Change change = set(*d_func(), "preserveFile", true, &FileLockPrivate::preserveFile, preserve);
    if (change == Change::Made)
        Q_EMIT preserveFileChanged();
    return change != Change::Refused;
}

HeldHook FileLock::heldHook() const
{
    const auto hook = get(*d_func(), &FileLockPrivate::heldHook);
    return hook ? *hook : HeldHook();
}

bool FileLock::setHeldHook(const HeldHook &hook)
{
    auto shared = hook ? std::make_shared<const HeldHook>(hook) : nullptr;
    return set(*d_func(), "heldHook", true, &FileLockPrivate::heldHook, std::move(shared)) != Change::Refused;
}

} // namespace Holdfast
