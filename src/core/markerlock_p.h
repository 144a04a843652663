// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/pathlock_p.h"
#include "engine/markerbackend.h"

#include <QtCore/qfiledevice.h>

#include <chrono>

namespace Holdfast {

/** What the locks that are one marker have behind their public faces. */
class MarkerLockPrivate : public PathLockPrivate
{
public:
    using PathLockPrivate::PathLockPrivate;

    Change setMalformedGrace(std::chrono::milliseconds grace);
    LockHolder markerHolder() const;
    bool isHeldByThisProcess() const;
    bool removeMarker();

    QFileDevice::Permissions permissions;
    std::chrono::milliseconds malformedGrace{2000};

protected:
    MarkerBackendOptions backendOptions(const std::string &path) const;
};

} // namespace Holdfast
