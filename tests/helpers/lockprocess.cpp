// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The other process. lockprocess KIND PATH reads one command a line and answers with one line each:
//   try            acquired | busy | failed TEXT
//   acquire MS     acquired | timedOut | cancelled | failed TEXT     (through the event loop)
//   block MS       acquired | busy | failed TEXT                     (blocks)
//   cancel         nothing of its own
//   tryRead, tryWrite, acquireRead MS, acquireWrite MS, blockRead MS, blockWrite MS: the same of a read/write lock
//   release        released | failed TEXT
//   quit           ends in an orderly way; so does the end of the input
//   die            ends at once, without a destructor
// and says `lost REASON` by itself.

#include "lockkinds.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qthread.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

using Holdfast::AbstractLock;
using std::chrono::milliseconds;

namespace {

void say(const QString &line)
{
    std::fputs(qPrintable(line + u'\n'), stdout);
    std::fflush(stdout);
}

QString answer(const AbstractLock &lock, bool acquired)
{
    if (acquired)
        return QStringLiteral("acquired");
    return lock.error() == Holdfast::LockError::None ? QStringLiteral("busy")
                                                     : QStringLiteral("failed ") + lock.errorString();
}

// The verb without the mode that it ends with, which goes into @p options.
QString withoutMode(QString verb, Holdfast::AcquireOptions *options)
{
    if (verb.endsWith(QLatin1String("Read")))
        options->mode = Holdfast::LockMode::Shared;
    else if (verb.endsWith(QLatin1String("Write")))
        options->mode = Holdfast::LockMode::Exclusive;
    return verb.remove(QLatin1String("Read")).remove(QLatin1String("Write"));
}

// An event loop waits for a server only a few milliseconds, and a busy machine may take longer. Asking for the holder comes after
// that in the session's queue: then it is free, and a test may rely on it.
void release(AbstractLock &lock)
{
    const bool isReleased = lock.release();
    if (QCoreApplication::arguments().value(1).startsWith(QLatin1String("postgres")))
        static_cast<void>(lock.holder());
    say(isReleased ? QStringLiteral("released") : QStringLiteral("failed ") + lock.errorString());
}

void obey(AbstractLock &lock, const QStringList &words)
{
    const milliseconds duration(words.value(1, QStringLiteral("-1")).toInt());
    Holdfast::AcquireOptions options{.timeout = duration};
    const QString verb = withoutMode(words.first(), &options);
    if (verb == QLatin1String("try"))
        say(answer(lock, options.mode ? lock.tryAcquireFor(milliseconds::zero(), options) : lock.tryAcquire()));
    else if (verb == QLatin1String("acquire"))
        lock.acquire(options);
    else if (verb == QLatin1String("block"))
        say(answer(lock, lock.tryAcquireFor(duration, options)));
    else if (verb == QLatin1String("cancel"))
        lock.cancel();
    else if (verb == QLatin1String("release"))
        release(lock);
    else if (verb == QLatin1String("die"))
        std::_Exit(9);
    else if (verb == QLatin1String("quit"))
        QCoreApplication::quit();
    else
        say(QStringLiteral("failed unknown command"));
}

void readCommands(AbstractLock *lock)
{
    for (std::string line; std::getline(std::cin, line);) {
        const QStringList words = QString::fromStdString(line).split(u' ');
        QMetaObject::invokeMethod(lock, [lock, words] { obey(*lock, words); });
    }
    QMetaObject::invokeMethod(qApp, &QCoreApplication::quit);
}

} // namespace

namespace {

// One application after the other in one process, as plugins and tests do; the lock outlives the first, and its lifetime
// ends in each.
int acquireInTwoApplications(int argc, char *argv[])
{
    const auto lock = makeLock(QString::fromLocal8Bit(argv[1]), QString::fromLocal8Bit(argv[2]));
    lock->setLifetime(milliseconds(50));
    for (int i = 0; i < 2; ++i) {
        QCoreApplication app(argc, argv);
        QObject::connect(lock.get(), &AbstractLock::acquired, &app, [] { say(QStringLiteral("acquired")); });
        QObject::connect(lock.get(), &AbstractLock::lost, &app, [] {
            say(QStringLiteral("lost"));
            QCoreApplication::quit();
        });
        QObject::connect(lock.get(), &AbstractLock::errorOccurred, &app, [] { QCoreApplication::exit(1); });
        lock->acquire();
        if (app.exec() != 0)
            return 1;
    }
    return 0;
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc == 4)
        return acquireInTwoApplications(argc, argv);
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const auto lock = makeLock(arguments.value(1), arguments.value(2));
    if (!lock)
        return 64;
    QObject::connect(lock.get(), &AbstractLock::acquired, [] { say(QStringLiteral("acquired")); });
    QObject::connect(lock.get(), &AbstractLock::timedOut, [] { say(QStringLiteral("timedOut")); });
    QObject::connect(lock.get(), &AbstractLock::cancelled, [] { say(QStringLiteral("cancelled")); });
    QObject::connect(lock.get(), &AbstractLock::errorOccurred,
                     [&lock] { say(QStringLiteral("failed ") + lock->errorString()); });
    QObject::connect(lock.get(), &AbstractLock::lost,
                     [](Holdfast::LossReason reason) { say(QStringLiteral("lost %1").arg(static_cast<int>(reason))); });
    const std::unique_ptr<QThread> reader(QThread::create(readCommands, lock.get()));
    reader->start();
    say(QStringLiteral("ready"));
    const int result = app.exec();
    reader->wait();
    return result;
}
