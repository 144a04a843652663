// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "scriptedlock.h"
#include "watches.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

#include <cstdio>
#include <sys/stat.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** The file goes from under a hold: whoever holds it is told, once, and lets go. */
class tst_Losses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsThatTheFileIsGone_data();
    void tellsThatTheFileIsGone();
    void tellsWhatHappenedBeforeItLooked();
    void tellsOnceForAllLevels();
    void tellsEveryHolderOfASharedLock();
    void isNotConfusedByOtherEvents();
    void looksWhereNothingTellsOfChanges();
    void acquiresTheNewFileAfterwards();
    void waitsForTheNewFile();
    void leavesNoWatchBehind();

private:
    void damage(const QString &how) const
    {
        if (how == QLatin1String("remove"))
            QVERIFY(QFile::remove(m_path));
        else if (how == QLatin1String("rename"))
            QVERIFY(QFile::rename(m_path, m_path + QStringLiteral(".old")));
        else
            replace();
    }
    void replace() const
    {
        write(m_path + QStringLiteral(".new"), "new");
        QCOMPARE(std::rename(QFile::encodeName(m_path + QStringLiteral(".new")).constData(),
                             QFile::encodeName(m_path).constData()),
                 0);
    }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

namespace {

/** Collects what a lock says about losses. */
QList<LossReason> *lossesOf(AbstractLock &lock)
{
    auto *reasons = new QList<LossReason>;
    QObject::connect(&lock, &AbstractLock::lost, &lock, [reasons](LossReason reason) { *reasons += reason; });
    QObject::connect(&lock, &QObject::destroyed, [reasons] { delete reasons; });
    return reasons;
}

const QList<LossReason> Replaced{LossReason::Replaced};

} // namespace

void tst_Losses::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file.lock"));
}

void tst_Losses::tellsThatTheFileIsGone_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("removed") << QStringLiteral("remove");
    QTest::newRow("renamed") << QStringLiteral("rename");
    QTest::newRow("replaced") << QStringLiteral("replace");
}

void tst_Losses::tellsThatTheFileIsGone()
{
    QFETCH(QString, how);
    FileLock lock(m_path);
    const auto *losses = lossesOf(lock);
    QVERIFY(lock.tryAcquire());
    QVERIFY(isWatched(m_path));
    damage(how);
    QVERIFY(comesTrue([&] { return !losses->isEmpty(); }));
    QCOMPARE(*losses, Replaced);
    QVERIFY(!lock.isHeld());
    QCOMPARE(timesOpen(m_directory->path()), 0);
    settle();
    QCOMPARE(losses->size(), 1);
}

// A short time after the grant nobody watches yet: the first look must find what was done until then.
void tst_Losses::tellsWhatHappenedBeforeItLooked()
{
    FileLock lock(m_path);
    const auto *losses = lossesOf(lock);
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::remove(m_path));
    QVERIFY(comesTrue([&] { return !losses->isEmpty(); }));
    QCOMPARE(*losses, Replaced);
}

void tst_Losses::tellsOnceForAllLevels()
{
    FileLock lock(m_path);
    const auto *losses = lossesOf(lock);
    QVERIFY(lock.tryAcquire() && lock.tryAcquire());
    QVERIFY(isWatched(m_path));
    QVERIFY(QFile::remove(m_path));
    QVERIFY(comesTrue([&] { return !losses->isEmpty(); }));
    QCOMPARE(lock.depth(), 0);
    QVERIFY(!lock.release());
    QCOMPARE(*losses, Replaced);
}

void tst_Losses::tellsEveryHolderOfASharedLock()
{
    FileLock first(m_path, {.mode = LockMode::Shared});
    FileLock second(m_path, {.mode = LockMode::Shared});
    const auto *one = lossesOf(first);
    const auto *two = lossesOf(second);
    QVERIFY(first.tryAcquire() && second.tryAcquire());
    QVERIFY(isWatched(m_path));
    FileLock brief(m_path, {.mode = LockMode::Shared}); // comes and goes, and must not take the watch with it
    QVERIFY(brief.tryAcquire());
    FileLock witness(m_directory->filePath(QStringLiteral("other.lock"))); // watched later than the one before it
    QVERIFY(witness.tryAcquire());
    QVERIFY(isWatched(witness.path()));
    settle();
    QVERIFY(brief.release());
    QVERIFY(QFile::remove(m_path));
    QVERIFY(comesTrue([&] { return one->size() == 1 && two->size() == 1; }));
}

void tst_Losses::isNotConfusedByOtherEvents()
{
    FileLock lock(m_path);
    const auto *losses = lossesOf(lock);
    QVERIFY(lock.tryAcquire());
    QVERIFY(isWatched(m_path));
    write(m_path, "somebody writes");                               // a close
    QVERIFY(QFile::setPermissions(m_path, QFileDevice::ReadOwner)); // a change of attributes
    QVERIFY(QFile::link(m_path, m_path + QStringLiteral(".link")));
    QCOMPARE(
        ::link(QFile::encodeName(m_path).constData(), QFile::encodeName(m_path + QStringLiteral(".too")).constData()),
        0);
    QVERIFY(QFile::remove(m_path + QStringLiteral(".too"))); // a change of the link count
    FileLock witness(m_directory->filePath(QStringLiteral("other.lock")));
    const auto *witnessed = lossesOf(witness);
    QVERIFY(witness.tryAcquire());
    QVERIFY(isWatched(witness.path()));
    QVERIFY(QFile::remove(witness.path()));
    QVERIFY(comesTrue([&] { return !witnessed->isEmpty(); })); // events come in order: all of ours have been seen
    QVERIFY(losses->isEmpty());
    QVERIFY(lock.isHeld());
    QVERIFY(!isFree(m_path));
}

// There is no event for a file that cannot be watched: it is looked at again and again.
void tst_Losses::looksWhereNothingTellsOfChanges()
{
    ScriptedLock lock;
    const auto *losses = lossesOf(lock);
    QVERIFY(lock.tryAcquire());
    QVERIFY(comesTrue([&] { return lock.script().checks >= 2; }));
    QVERIFY(lock.isHeld());
    QVERIFY(losses->isEmpty());
    lock.script().intact = false;
    QVERIFY(comesTrue([&] { return !losses->isEmpty(); }));
    QCOMPARE(*losses, Replaced);
    QVERIFY(!lock.isHeld());
    QCOMPARE(lock.script().drops, 1);
    QCOMPARE(lock.script().overlaps, 0);
}

void tst_Losses::acquiresTheNewFileAfterwards()
{
    FileLock lock(m_path);
    bool again = false;
    connect(&lock, &FileLock::lost, this, [&] { again = lock.tryAcquire(); });
    QVERIFY(lock.tryAcquire());
    QVERIFY(isWatched(m_path));
    replace();
    QVERIFY(comesTrue([&] { return again; }));
    QVERIFY(!isFree(m_path));
    settle();
    QVERIFY(lock.isHeld());
}

// The one who waits is woken by the replacement itself; its poll comes in an hour.
void tst_Losses::waitsForTheNewFile()
{
    ForeignLock other(m_path);
    FileLock lock(m_path, {.pollInterval = 1h});
    lock.acquire();
    QVERIFY(comesTrue([&] { return timesOpen(m_path) == 2; }));
    settle();
    replace();
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
    QVERIFY(other.isHeld()); // of the file of before
    QVERIFY(!isFree(m_path));
}

void tst_Losses::leavesNoWatchBehind()
{
    const auto instances = [] { return openFiles().filter(QStringLiteral("inotify")).size(); };
    FileLock first(m_path);
    QVERIFY(first.tryAcquire());
    QVERIFY(isWatched(m_path));
    QVERIFY(first.release());
    QVERIFY(!isWatchedNow(m_path));
    const auto before = instances();
    for (int i = 0; i < 3; ++i) {
        FileLock lock(m_path);
        QVERIFY(lock.tryAcquire());
        QVERIFY(isWatched(m_path));
    }
    QVERIFY(!isWatchedNow(m_path));
    QCOMPARE(instances(), before);
}

QTEST_GUILESS_MAIN(tst_Losses)
#include "tst_losses.moc"
