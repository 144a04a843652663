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
    const std::shared_ptr<std::atomic<bool>> fallen = std::make_shared<std::atomic<bool>>(false); ///< a soft lock now

    void changed(const HoldFacts &before, const HoldFacts &now) override;

private:
    std::atomic<bool> m_toldFallen{false};
    LockCore::BackendFactory factoryFor(const std::string &path) const override;
};

} // namespace Holdfast
