// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

// A program of somebody else, against the installed package: no event loop; an application object only where Qt looks for a
// plugin.

#include <holdfast/filelock.h>
#include <holdfast/sql/readwritelock.h>

#include <QtCore/qcoreapplication.h>

int main(int argc, char **argv)
{
    const QString path = QString::fromLocal8Bit(argc > 1 ? argv[1] : "consumer.lock");
    Holdfast::FileLock lock(path);
    if (!lock.tryAcquire())
        return 1;
    lock.release();
    if (lock.isHeld())
        return 2;
    QCoreApplication app(argc, argv);
    Holdfast::ReadWriteLock database(path + QStringLiteral(".db"));
    return database.tryAcquireRead() && database.release() && database.tryAcquireWrite() ? 0 : 3;
}
