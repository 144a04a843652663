// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Two editors, one document: the second is told who has it, and gets it when the first has finished.

#include <holdfast/app/documentlock.h>

#include <QCoreApplication>
#include <QDebug>
#include <QTimer>

using namespace std::chrono_literals;
using Holdfast::DocumentLock;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    app.setApplicationName("notepad");

    DocumentLock first("letter.txt");
    DocumentLock second("letter.txt"); // as in another process

    QObject::connect(&first, &DocumentLock::acquired, [&] {
        qInfo() << "The first edits; beside the letter lies .~lock.letter.txt#, and LibreOffice would ask.";
        second.acquire(-1ms); // for ever: "tell me when it is free"
    });
    QObject::connect(&second, &DocumentLock::contended, [&](const Holdfast::LockHolder &owner) {
        qInfo().noquote() << "The second waits for" << owner.toString();
        QTimer::singleShot(300ms, [&] { first.release(); });
    });
    QObject::connect(&second, &DocumentLock::acquired, [&] {
        qInfo() << "The second edits. In its list of files it says:" << DocumentLock::inspect("letter.txt").isLocked();
        app.exit(second.release() ? 0 : 1);
    });
    first.acquire();
    return app.exec();
}
