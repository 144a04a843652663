// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// A save that loses nothing: it is refused when somebody else has changed the document since it was loaded.

#include <holdfast/app/documentsave.h>

#include <QCoreApplication>
#include <QDebug>
#include <QFile>
#include <QIODevice>

using Holdfast::DocumentLock;
using Holdfast::DocumentSave;

static bool save(DocumentLock &lock, const QByteArray &text)
{
    DocumentSave save(lock);
    if (save.begin() && save.device()->write(text) == text.size() && save.commit())
        return true;
    qInfo().noquote() << save.errorString();
    return false;
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    DocumentLock lock("report.txt");
    if (!lock.tryAcquire()) {
        qInfo().noquote() << lock.owner().toString() << lock.errorString();
        return 1;
    }
    lock.documentLoaded(); // what lies there now is what this program knows
    if (!save(lock, "first version\n"))
        return 1;

    QFile stranger("report.txt"); // a program that asks for no lock
    if (!stranger.open(QIODevice::Append) || stranger.write("a remark\n") < 0)
        return 1;
    stranger.close();

    const bool overwritten = save(lock, "second version\n"); // is refused, and says why
    lock.documentLoaded();                                   // the remark has been read
    return !overwritten && save(lock, "second version, with the remark\n") ? 0 : 1;
}
