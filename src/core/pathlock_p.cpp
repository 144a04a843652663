// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "core/pathlock_p.h"

#include "engine/canonicalname.h"
#include "engine/otherfamilies.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>

namespace Holdfast {

QString PathLockPrivate::name() const
{
    const std::scoped_lock lock(mutex);
    return givenPath;
}

namespace {

bool isRelative(const QString &path)
{
    return !path.isEmpty() && !path.startsWith(u'/');
}

} // namespace

// A relative path leads from where the program is when an acquisition begins, not from where it is when an attempt is made, a
// turn of the event loop later; and as long as the lock is in use, to the same place.
void PathLockPrivate::beginAcquisition()
{
    if (!leadsElsewhere) [[likely]]
        return;
    const std::string here = QFile::encodeName(QDir::currentPath()).toStdString();
    {
        const std::scoped_lock lock(mutex);
        if (here.empty() || here == anchor || !core->isIdle())
            return;
        anchor = here;
    }
    publish();
}

std::string PathLockPrivate::placeOfRelative() const
{
    if (core->isInherited())
        return {};
    if (const std::scoped_lock lock(mutex); leadsElsewhere && !anchor.empty() && !core->isIdle())
        return anchor + '/' + QFile::encodeName(givenPath).toStdString();
    const auto own = core->existingHold();
    std::string place = own ? own->place() : std::string();
    for (const auto &hold : core->holds()) {
        if (place.empty())
            place = hold->place();
    }
    return place;
}

std::string PathLockPrivate::place() const
{
    std::string place = placeOfRelative();
    return place.empty() ? QFile::encodeName(name()).toStdString() : place;
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
            factory = checkedFactory((anchor.empty() || !leadsElsewhere ? std::string() : anchor + '/')
                                     + QFile::encodeName(givenPath).toStdString());
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
