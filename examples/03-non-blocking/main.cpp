// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Take the lock if it is free, and do something else if it is not. No event loop needed.
// Busy is an answer, not an error: error() tells the two apart.

#include <holdfast/filelock.h>

#include <QDebug>

using Holdfast::LockError;

static void tryIt(Holdfast::FileLock &lock)
{
    if (lock.tryAcquire())
        qInfo() << lock.path() << "acquired";
    else if (lock.error() == LockError::None)
        qInfo() << lock.path() << "is busy";
    else
        qInfo().noquote() << lock.errorString();
}

int main()
{
    Holdfast::FileLock first("work.lock");
    Holdfast::FileLock second("work.lock");
    Holdfast::FileLock wrong(".");

    tryIt(first);
    tryIt(second);
    tryIt(wrong);

    // The same as a property: every way to acquire makes one attempt, whatever the timeout says.
    second.setBlocking(false);
    if (second.tryAcquireFor(std::chrono::hours(1)))
        return 1;

    const bool asExpected = first.isHeld() && !second.isHeld() && wrong.error() == LockError::NotAFile;
    return asExpected ? 0 : 1;
}
