// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "core/pathlock_p.h"

#include "engine/canonicalname.h"
#include "engine/refusingbackend.h"

#include <QtCore/qfile.h>

namespace Holdfast {

QString PathLockPrivate::name() const
{
    const std::scoped_lock lock(mutex);
    return givenPath;
}

void PathLockPrivate::publish()
{
    LockCore::BackendFactory factory;
    {
        const std::scoped_lock lock(mutex);
        if (const Failure refusal = checkPath(givenPath); refusal.isSet())
            factory = [refusal](const LockOptions &) { return std::make_unique<RefusingBackend>(refusal); };
        else
            factory = factoryFor(QFile::encodeName(givenPath).toStdString());
    }
    core->setBackendFactory(std::move(factory));
}

} // namespace Holdfast
