// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

// A program of somebody else, against the installed package: no event loop, no application object.

#include <holdfast/filelock.h>

int main(int argc, char **argv)
{
    Holdfast::FileLock lock(QString::fromLocal8Bit(argc > 1 ? argv[1] : "consumer.lock"));
    if (!lock.tryAcquire())
        return 1;
    lock.release();
    return lock.isHeld() ? 2 : 0;
}
