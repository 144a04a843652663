// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The other editor. documentprocess PATH reads one command a line and answers with one line each:
//   try            acquired | busy STATUS OWNER | failed TEXT
//   acquire MS     acquired | timedOut | cancelled | failed TEXT
//   takeOver       the same
//   cancel         nothing of its own
//   verify         yes | no
//   release        released | failed
//   owner          who was in the way
//   count N        counted N | failed TEXT     (locks, loads, adds one, saves, N times)
//   begin          begun | failed TEXT      (a save: half of it is written)
//   commit         committed | failed TEXT
//   quit           ends in an orderly way; so does the end of the input
// and says `lost REASON`, `crashed OWNER` and `changed HOW` by itself.

#include <holdfast/app/documentsave.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qthread.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

using Holdfast::DocumentLock;
using Holdfast::DocumentSave;
using std::chrono::milliseconds;

namespace {

void say(const QString &line)
{
    std::fputs(qPrintable(line + u'\n'), stdout);
    std::fflush(stdout);
}

QString tried(DocumentLock &lock)
{
    if (lock.tryAcquire())
        return QStringLiteral("acquired");
    if (lock.status() == DocumentLock::Status::Error)
        return QStringLiteral("failed ") + lock.errorString();
    return QStringLiteral("busy %1 %2").arg(QVariant::fromValue(lock.status()).toString(), lock.owner().toString());
}

// From then on it says what becomes of the document.
QString load(DocumentLock &lock)
{
    QObject::connect(&lock, &DocumentLock::documentChanged,
                     [](DocumentLock::Change how) { say(QStringLiteral("changed %1").arg(static_cast<int>(how))); });
    return lock.documentLoaded() ? QStringLiteral("loaded") : QStringLiteral("failed");
}

QString addOne(DocumentLock &lock)
{
    if (!lock.tryAcquireFor(milliseconds(-1)))
        return lock.errorString();
    QFile document(lock.path());
    if (!lock.documentLoaded() || !document.open(QIODevice::ReadOnly))
        return QStringLiteral("cannot load");
    const int number = document.readAll().toInt();
    DocumentSave save(lock);
    if (!save.begin() || save.device()->write(QByteArray::number(number + 1)) < 0 || !save.commit())
        return save.errorString();
    return lock.release() ? QString() : QStringLiteral("cannot release");
}

std::unique_ptr<DocumentSave> s_save;

QString begin(DocumentLock &lock)
{
    s_save = std::make_unique<DocumentSave>(lock);
    if (!s_save->begin())
        return QStringLiteral("failed ") + s_save->errorString();
    s_save->device()->write(QByteArray(100000, 'x'));
    return QStringLiteral("begun");
}

QString commit()
{
    return s_save->commit() ? QStringLiteral("committed") : QStringLiteral("failed ") + s_save->errorString();
}

QString count(DocumentLock &lock, int times)
{
    for (int i = 0; i < times; ++i) {
        if (const QString problem = addOne(lock); !problem.isEmpty())
            return QStringLiteral("failed ") + problem;
    }
    return QStringLiteral("counted %1").arg(times);
}

void obey(DocumentLock &lock, const QStringList &words)
{
    const QString &verb = words.first();
    if (verb == QLatin1String("try"))
        say(tried(lock));
    else if (verb == QLatin1String("acquire"))
        lock.acquire(milliseconds(words.value(1, QStringLiteral("-1")).toInt()));
    else if (verb == QLatin1String("takeOver"))
        lock.takeOver();
    else if (verb == QLatin1String("cancel"))
        lock.cancel();
    else if (verb == QLatin1String("verify"))
        say(lock.verify() ? QStringLiteral("yes") : QStringLiteral("no"));
    else if (verb == QLatin1String("release"))
        say(lock.release() ? QStringLiteral("released") : QStringLiteral("failed"));
    else if (verb == QLatin1String("owner"))
        say(lock.owner().toString());
    else if (verb == QLatin1String("begin"))
        say(begin(lock));
    else if (verb == QLatin1String("commit"))
        say(commit());
    else if (verb == QLatin1String("count"))
        say(count(lock, words.value(1).toInt()));
    else if (verb == QLatin1String("load"))
        say(load(lock));
    else if (verb == QLatin1String("quit"))
        QCoreApplication::quit();
    else
        say(QStringLiteral("failed unknown command"));
}

void readCommands(DocumentLock *lock)
{
    for (std::string line; std::getline(std::cin, line);) {
        const QStringList words = QString::fromStdString(line).split(u' ');
        QMetaObject::invokeMethod(lock, [lock, words] { obey(*lock, words); });
    }
    QMetaObject::invokeMethod(qApp, &QCoreApplication::quit);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("otherpad"));
    DocumentLock lock(QCoreApplication::arguments().value(1));
    lock.setFullName(QStringLiteral("Anna Lee"));
    QObject::connect(&lock, &DocumentLock::acquired, [] { say(QStringLiteral("acquired")); });
    QObject::connect(&lock, &DocumentLock::timedOut, [] { say(QStringLiteral("timedOut")); });
    QObject::connect(&lock, &DocumentLock::cancelled, [] { say(QStringLiteral("cancelled")); });
    QObject::connect(&lock, &DocumentLock::errorOccurred,
                     [&lock] { say(QStringLiteral("failed ") + lock.errorString()); });
    QObject::connect(&lock, &DocumentLock::lost,
                     [](Holdfast::LossReason reason) { say(QStringLiteral("lost %1").arg(static_cast<int>(reason))); });
    QObject::connect(&lock, &DocumentLock::previousOwnerCrashed,
                     [](const Holdfast::LockHolder &owner) { say(QStringLiteral("crashed ") + owner.toString()); });
    const std::unique_ptr<QThread> reader(QThread::create(readCommands, &lock));
    reader->start();
    say(QStringLiteral("ready"));
    const int result = app.exec();
    reader->wait();
    return result;
}
