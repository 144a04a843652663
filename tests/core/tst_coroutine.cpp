// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The future in a coroutine.

#include <holdfast/filelock.h>

#include <QCoroFuture>
#include <QCoroTask>

#include <QtCore/qtemporarydir.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_Coroutine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void awaitsTheLock();
};

namespace {

QCoro::Task<QStringList> story(FileLock &holder, FileLock &lock)
{
    QStringList told;
    const Outcome tooLate = co_await lock.acquireFuture({.timeout = 20ms});
    told += tooLate == Outcome::TimedOut ? QStringLiteral("timed out") : QStringLiteral("?");
    QTimer::singleShot(0, &holder, [&holder] { holder.release(); });
    const Outcome outcome = co_await lock.acquireFuture();
    told += outcome == Outcome::Acquired && lock.isHeld() ? QStringLiteral("acquired") : QStringLiteral("?");
    co_return told;
}

} // namespace

void tst_Coroutine::awaitsTheLock()
{
    QTemporaryDir directory;
    FileLock holder(directory.filePath(QStringLiteral("a.lock")));
    FileLock lock(holder.path());
    QVERIFY(holder.tryAcquire());
    const QStringList told = QCoro::waitFor(story(holder, lock));
    QCOMPARE(told, QStringList({QStringLiteral("timed out"), QStringLiteral("acquired")}));
    QVERIFY(lock.isHeld());
}

QTEST_GUILESS_MAIN(tst_Coroutine)
#include "tst_coroutine.moc"
