// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractlock.h>

#include <QtCore/qstring.h>

#include <memory>

namespace Holdfast {

/** What an item is to hold. */
struct Target
{
    QString path = {};
    LockMode mode = LockMode::Exclusive;
};

/** A lock object, and what it was made for. */
struct Grip
{
    std::unique_ptr<AbstractLock> lock;
    Target target;
};

} // namespace Holdfast
