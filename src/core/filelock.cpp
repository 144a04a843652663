// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/filelock.h>

#include "core/filelock_p.h"
#include "core/filemode.h"
#include "engine/canonicalname.h"
#include "engine/fileholder.h"

#include <QtCore/qfile.h>

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
    return [options](const LockOptions &) { return std::make_unique<FileBackend>(options); };
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
    setThreadScope(options.threadScope); // first: it decides whose error() the others set
    setTimeout(options.timeout);
    setPollInterval(options.pollInterval);
    setBlocking(options.blocking);
    setLifetime(options.lifetime);
}

FileLock::~FileLock() = default;

FileLockPrivate *FileLock::d_func() const
{
    return static_cast<FileLockPrivate *>(d_ptr.get());
}

LockHolder FileLock::holder() const
{
    const QString path = this->path();
    return checkPath(path).isSet() ? LockHolder() : fileHolder(QFile::encodeName(path).toStdString());
}

} // namespace Holdfast
