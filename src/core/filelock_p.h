// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/filelock.h>

#include "core/pathlock_p.h"
#include "engine/filebackend.h"

namespace Holdfast {

class FileLockPrivate final : public PathLockPrivate
{
public:
    using PathLockPrivate::PathLockPrivate;

    QFileDevice::Permissions permissions;
    FileContents contents = FileContents::Keep;
    SoftFallback softFallback = SoftFallback::Allowed;
    bool preserveFile = false;
    std::shared_ptr<const HeldHook> heldHook;

private:
    LockCore::BackendFactory factoryFor(const std::string &path) const override;
};

} // namespace Holdfast
