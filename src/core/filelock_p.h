// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/filelock.h>

#include "core/abstractlock_p.h"
#include "engine/filebackend.h"

#include <mutex>

namespace Holdfast {

class FileLockPrivate final : public AbstractLockPrivate
{
public:
    QString name() const override;

    /** The options that make a backend, as they are now. Any thread. */
    FileLockOptions current() const;

    /** Hands the current options to the engine, for the holds to come. */
    void publish();

    mutable std::mutex mutex; // guards the members below
    QString path;
    QFileDevice::Permissions permissions;
    FileContents contents = FileContents::Keep;
    SoftFallback softFallback = SoftFallback::Allowed;
    bool preserveFile = false;
    std::shared_ptr<const HeldHook> heldHook;
};

/** QFileDevice's bits as the system's mode bits. */
unsigned toMode(QFileDevice::Permissions permissions);

} // namespace Holdfast
