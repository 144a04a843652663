// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Parts of a program that do not know each other ask for the lock by its path and get one and the same object.

#include <holdfast/filelock.h>

#include <QDebug>
#include <QDir>

using namespace std::chrono_literals;
using Holdfast::FileLock;

int main()
{
    const Holdfast::FileLockOptions options{.timeout = 5s, .threadScope = Holdfast::ThreadScope::Shared};
    const auto here = FileLock::shared("work.lock", options);
    const auto there = FileLock::shared(QDir::current().filePath("./work.lock"), options); // spelled differently
    if (!here || !there)
        return 1;
    qInfo() << "The same object:" << (here.lock == there.lock);

    if (!here->tryAcquire())
        return 1;
    qInfo() << "Held, as seen from there:" << there->isHeld();
    there->release();

    // The first caller decides on the options. Others are refused, not silently ignored.
    const auto other = FileLock::shared("work.lock", {.timeout = 1s});
    qInfo().noquote() << other.errorString;
    return here.lock == there.lock && !here->isHeld() && !other ? 0 : 1;
}
