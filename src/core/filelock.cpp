// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/filelock.h>

#include "core/filelock_p.h"
#include "core/filemode.h"
#include "engine/canonicalname.h"
#include "engine/fallbackbackend.h"
#include "engine/fileholder.h"
#include "engine/markerholder.h"

#include <utility>

namespace Holdfast {

LockCore::BackendFactory FileLockPrivate::factoryFor(const std::string &path) const
{
    FileBackendOptions options{.path = path};
    if (permissions)
        options.permissions = toMode(permissions);
    options.clear = contents == FileContents::Clear;
    if (heldHook)
        options.heldHook = *heldHook;
    // A hook works on the descriptor of an operating system lock, and a file that is to stay cannot be a marker.
    if (softFallback == SoftFallback::Refused || preserveFile || heldHook)
        return [options](const LockOptions &) { return std::make_unique<FileBackend>(options); };
    options.givesWay = true;
    return [options, fallen = fallen](const LockOptions &lock) {
        return std::make_unique<FallbackBackend>(options, lock, fallen);
    };
}

// An attempt that makes it a soft lock may run in any thread; whoever hears of a change next hears of this first.
void FileLockPrivate::changed(const HoldFacts &before, const HoldFacts &now)
{
    if (*fallen && !m_toldFallen.exchange(true)) {
        const std::weak_ptr<LockCore> alive = core; // a handler may destroy this
        Q_EMIT static_cast<FileLock *>(q)->softChanged();
        if (const auto still = alive.lock(); !still || !still->observer())
            return;
    }
    PathLockPrivate::changed(before, now);
}

FileLock::FileLock(QObject *parent) : FileLock(QString(), parent) { }

FileLock::FileLock(const QString &path, QObject *parent) : FileLock(path, FileLockOptions(), parent) { }

FileLock::FileLock(const QString &path, const FileLockOptions &options, QObject *parent)
    : AbstractLock(std::make_unique<FileLockPrivate>(path), parent)
{
    FileLockPrivate *d = d_func();
    d->core->options.canShare = true;
    d->core->options.mode = options.mode;
    d->permissions = options.permissions;
    d->contents = options.contents;
    d->softFallback = options.softFallback;
    d->preserveFile = options.preserveFile;
    d->heldHook = options.heldHook;
    d->publish();
    takeCommonOptions(*this, options);
}

FileLock::~FileLock() = default;

FileLockPrivate *FileLock::d_func() const
{
    return static_cast<FileLockPrivate *>(d_ptr.get());
}

bool FileLock::isSoft() const
{
    return *d_func()->fallen;
}

LockHolder FileLock::holder() const
{
    if (checkPath(path()).isSet())
        return {};
    const std::string place = d_func()->place();
    return isSoft() ? markerHolder(place) : fileHolder(place);
}

} // namespace Holdfast
