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
    return PathLockPrivate::tell(d_func()->set("path", true, &FileLockPrivate::givenPath, path), this,
                                 &FileLock::pathChanged);
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
    return PathLockPrivate::tell(d_func()->set("permissions", true, &FileLockPrivate::permissions, permissions), this,
                                 &FileLock::permissionsChanged);
}

FileContents FileLock::contents() const
{
    return d_func()->get(&FileLockPrivate::contents);
}

bool FileLock::setContents(FileContents contents)
{
    return PathLockPrivate::tell(d_func()->set("contents", true, &FileLockPrivate::contents, contents), this,
                                 &FileLock::contentsChanged);
}

SoftFallback FileLock::softFallback() const
{
    return d_func()->get(&FileLockPrivate::softFallback);
}

bool FileLock::setSoftFallback(SoftFallback fallback)
{
    return PathLockPrivate::tell(d_func()->set("softFallback", true, &FileLockPrivate::softFallback, fallback), this,
                                 &FileLock::softFallbackChanged);
}

bool FileLock::preservesFile() const
{
    return d_func()->get(&FileLockPrivate::preserveFile);
}

bool FileLock::setPreserveFile(bool preserve)
{
    return PathLockPrivate::tell(d_func()->set("preserveFile", true, &FileLockPrivate::preserveFile, preserve), this,
                                 &FileLock::preserveFileChanged);
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
