// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Whoever holds the lock may acquire it again. It is free after as many releases.

#include <holdfast/filelock.h>

#include <QDebug>

#include <mutex>

static bool save(Holdfast::FileLock &lock)
{
    const std::scoped_lock guard(lock); // whether the caller holds it or not
    qInfo() << "Saving, depth" << lock.depth();
    return lock.isHeld();
}

int main()
{
    Holdfast::FileLock lock("work.lock");
    if (!save(lock) || lock.isHeld())
        return 1;

    if (!lock.tryAcquire() || !lock.tryAcquire() || !save(lock))
        return 1;
    qInfo() << "Depth" << lock.depth();
    lock.release();
    qInfo() << "After release(): held" << lock.isHeld() << "depth" << lock.depth();

    if (!lock.tryAcquire() || lock.depth() != 2)
        return 1;
    lock.forceRelease(); // all levels at once
    qInfo() << "After forceRelease(): held" << lock.isHeld();
    return lock.isHeld() ? 1 : 0;
}
