// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// A program with an event loop adds one to the number in a file. However many copies of it run at once, none is lost.
// The lock is a file of its own beside the data, so that the data can be saved by replacing it.

#include <holdfast/filelock.h>

#include <QCoreApplication>
#include <QDebug>
#include <QFile>
#include <QSaveFile>

static bool addOne(const QString &path)
{
    QFile old(path);
    const int number = old.open(QFile::ReadOnly) ? old.readAll().toInt() : 0;
    QSaveFile file(path);
    if (!file.open(QFile::WriteOnly))
        return false;
    file.write(QByteArray::number(number + 1));
    qInfo() << path << "is now" << number + 1;
    return file.commit();
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    Holdfast::FileLock lock("counter.txt.lock");

    QObject::connect(&lock, &Holdfast::FileLock::acquired, [&] {
        const bool ok = addOne("counter.txt");
        lock.release();
        app.exit(ok ? 0 : 1);
    });
    QObject::connect(&lock, &Holdfast::FileLock::contended, [](const Holdfast::LockHolder &holder) {
        qInfo().noquote() << "Waiting for" << holder.toString();
    });
    QObject::connect(&lock, &Holdfast::FileLock::errorOccurred, [&] {
        qCritical().noquote() << lock.errorString();
        app.exit(1);
    });

    lock.acquire(); // returns at once; one of the signals follows
    return app.exec();
}
