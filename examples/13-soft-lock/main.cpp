// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// A lock by a marker file, for disks without locks: it says who holds it, and one whose owner is dead is nobody's.

#include <holdfast/softfilelock.h>

#include <QCoreApplication>
#include <QDebug>
#include <QFile>
#include <QSysInfo>

using Holdfast::SoftFileLock;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    SoftFileLock lock("soft.lock");

    if (!lock.tryAcquire())
        return 1;
    qInfo().noquote() << "The marker says:" << lock.holder().toString() << "since" << lock.holder().since.toString();
    qInfo() << "It is ours:" << lock.isHeldByThisProcess();
    lock.release();
    qInfo() << "After release() it is gone:" << !QFile::exists(lock.path());

    // What a program leaves behind that was killed: a process of this machine that does not exist.
    QFile marker(lock.path());
    if (!marker.open(QIODevice::WriteOnly))
        return 1;
    marker.write("2147483646\n" + QSysInfo::machineHostName().toUtf8() + "\n");
    marker.close();
    const bool wasDead = lock.holder().liveness == Holdfast::Liveness::Dead;
    const bool acquired = lock.tryAcquire(); // removes it, and takes the lock in the same attempt
    qInfo() << "A dead owner's marker: dead" << wasDead << "and acquired" << acquired;
    return wasDead && acquired ? 0 : 1;
}
