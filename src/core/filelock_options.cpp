// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The options of a FileLock.

#include <holdfast/filelock.h>

#include "core/filelock_p.h"

#include <utility>

namespace Holdfast {

using Change = PathLockPrivate::Change;

QString FileLock::path() const
{
    return d_func()->name();
}

bool FileLock::setPath(const QString &path)
{
    const Change change = d_func()->set("path", true, &FileLockPrivate::givenPath, path);
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
    return d_func()->get(&FileLockPrivate::permissions);
}

bool FileLock::setPermissions(QFileDevice::Permissions permissions)
{
    const Change change = d_func()->set("permissions", true, &FileLockPrivate::permissions, permissions);
    if (change == Change::Made)
        Q_EMIT permissionsChanged();
    return change != Change::Refused;
}

FileContents FileLock::contents() const
{
    return d_func()->get(&FileLockPrivate::contents);
}

bool FileLock::setContents(FileContents contents)
{
    const Change change = d_func()->set("contents", true, &FileLockPrivate::contents, contents);
    if (change == Change::Made)
        Q_EMIT contentsChanged();
    return change != Change::Refused;
}

SoftFallback FileLock::softFallback() const
{
    return d_func()->get(&FileLockPrivate::softFallback);
}

bool FileLock::setSoftFallback(SoftFallback fallback)
{
    const Change change = d_func()->set("softFallback", true, &FileLockPrivate::softFallback, fallback);
    if (change == Change::Made)
        Q_EMIT softFallbackChanged();
    return change != Change::Refused;
}

bool FileLock::preservesFile() const
{
    return d_func()->get(&FileLockPrivate::preserveFile);
}

bool FileLock::setPreserveFile(bool preserve)
{
    const Change change = d_func()->set("preserveFile", true, &FileLockPrivate::preserveFile, preserve);
    if (change == Change::Made)
        Q_EMIT preserveFileChanged();
    return change != Change::Refused;
}

HeldHook FileLock::heldHook() const
{
    const auto hook = d_func()->get(&FileLockPrivate::heldHook);
    return hook ? *hook : HeldHook();
}

bool FileLock::setHeldHook(const HeldHook &hook)
{
    auto shared = hook ? std::make_shared<const HeldHook>(hook) : nullptr;
    return d_func()->set("heldHook", true, &FileLockPrivate::heldHook, std::move(shared)) != Change::Refused;
}

} // namespace Holdfast
