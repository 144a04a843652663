// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "core/pathlock_p.h"

#include "engine/canonicalname.h"
#include "engine/otherfamilies.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>

namespace Holdfast {

namespace {

bool isRelative(const QString &path)
{
    return !path.isEmpty() && !path.startsWith(u'/');
}

std::string currentDirectory()
{
    return QFile::encodeName(QDir::currentPath()).toStdString();
}

} // namespace

PathLockPrivate::PathLockPrivate(QString path, Anchor at) : anchoredAt(at), givenPath(std::move(path))
{
    if (at == Anchor::Creation && isRelative(givenPath))
        anchor = currentDirectory();
}

QString PathLockPrivate::name() const
{
    const std::scoped_lock lock(mutex);
    return givenPath;
}

// A relative path leads from where the program is when an acquisition begins, not from where it is when an attempt is made, a
// turn of the event loop later; and as long as the lock is in use, to the same place.
void PathLockPrivate::beginAcquisition()
{
    if (!leadsElsewhere || anchoredAt == Anchor::Creation) [[likely]]
        return;
    const std::string here = currentDirectory();
    {
        const std::scoped_lock lock(mutex);
        if (here.empty() || here == anchor || !core->isIdle())
            return;
        anchor = here;
    }
    publish();
}

// With mutex locked.
std::string PathLockPrivate::anchored() const
{
    const std::string path = QFile::encodeName(givenPath).toStdString();
    return anchor.empty() || !leadsElsewhere ? path : anchor + '/' + path;
}

std::string PathLockPrivate::place() const
{
    const bool isInUse = anchoredAt == Anchor::Creation || (!core->isInherited() && !core->isIdle());
    const std::scoped_lock lock(mutex);
    return isInUse ? anchored() : QFile::encodeName(givenPath).toStdString();
}

void PathLockPrivate::publish()
{
    LockCore::BackendFactory factory;
    {
        const std::scoped_lock lock(mutex);
        leadsElsewhere = isRelative(givenPath);
        if (const Failure refusal = checkPath(givenPath); refusal.isSet())
            factory = LockCore::refuse(refusal);
        else
            factory = checkedFactory(anchored());
    }
    core->setBackendFactory(std::move(factory));
}

// Other families are looked for once, when a hold makes its first attempt: a look at each attempt would cost more than many
// of them.
LockCore::BackendFactory PathLockPrivate::checkedFactory(const std::string &path) const
{
    return [make = factoryFor(path), find = otherFamilyCheck(), path](const LockOptions &options) {
        Failure other = find(path);
        return other.isSet() ? MadeBackend(std::move(other)) : make(options);
    };
}

PathLockPrivate::FamilyCheck PathLockPrivate::otherFamilyCheck() const
{
    return readWriteLockInUse;
}

} // namespace Holdfast
