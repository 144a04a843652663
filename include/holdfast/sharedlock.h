// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/locktypes.h>

#include <QtCore/qstring.h>

#include <memory>

namespace Holdfast {

/** What `shared()` of a lock class gives: the one lock object of this process for a path, or the reason why there is none. */
template<class Lock>
class SharedLock
{
public:
    std::shared_ptr<Lock> lock = {};
    LockError error = LockError::None;
    QString errorString = {};

    explicit operator bool() const { return lock != nullptr; }
    Lock *operator->() const { return lock.get(); }
    Lock &operator*() const { return *lock; }
};

} // namespace Holdfast
