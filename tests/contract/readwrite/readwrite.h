// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "../contract.h"

#include <holdfast/abstractreadwritelock.h>

using Holdfast::AbstractReadWriteLock;
using Holdfast::LockMode;

/** A place whose locks are read/write locks. */
class ReadWritePlace : public Place
{
public:
    std::unique_ptr<AbstractReadWriteLock> lock() const
    {
        return std::unique_ptr<AbstractReadWriteLock>(dynamic_cast<AbstractReadWriteLock *>(Place::lock().release()));
    }
};
