// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The same SQLite file shared with the ReadWriteLock of version 4 of Python's filelock.

#include "counters.h"
#include "newpython.h"

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qthread.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <cstring>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

constexpr int Rounds = 150;

/** As a process of its own: adds to a number in a file, so many times, each under the lock. */
int count(const QString &path, const QString &counter)
{
    ReadWriteLock lock(path, {.pollInterval = 5ms});
    QFile file(counter);
    for (int i = 0; i < Rounds; ++i) {
        if (!lock.tryAcquireWriteFor(120s) || !file.open(QIODevice::ReadWrite))
            return 1;
        const int value = file.readAll().toInt();
        QThread::yieldCurrentThread(); // whoever comes between would show
        file.seek(0);
        file.write(QByteArray::number(value + 1));
        file.close();
        if (!lock.release())
            return 2;
    }
    return 0;
}

void addModes()
{
    QTest::addColumn<LockMode>("ours");
    QTest::newRow("a reader") << LockMode::Shared;
    QTest::newRow("a writer") << LockMode::Exclusive;
}

} // namespace

class tst_NewDatabase : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void excludesAndIsExcluded_data();
    void excludesAndIsExcluded();
    void isWokenWhenItLetsGo_data() { addModes(); }
    void isWokenWhenItLetsGo();
    void isWokenWhenItDies_data() { addModes(); }
    void isWokenWhenItDies();
    void getsItFromUs();
    void getsOnWhenWeDie();
    void itsWaitingWriterKeepsOurReadersOut();
    void ourWaitingWriterKeepsItsReadersOut();
    void aLinkBesideTheFileIsTheSameLock();
    void losesNoUpdate();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("a.db")); }
    std::unique_ptr<OtherProcess> python() const { return newPython(QStringLiteral("sqlite-rw"), path()); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_NewDatabase::excludesAndIsExcluded_data()
{
    QTest::addColumn<QString>("theirs");
    QTest::addColumn<LockMode>("ours");
    QTest::addColumn<bool>("together");
    QTest::newRow("two readers are together") << QStringLiteral("acquire_read") << LockMode::Shared << true;
    QTest::newRow("their reader, our writer") << QStringLiteral("acquire_read") << LockMode::Exclusive << false;
    QTest::newRow("their writer, our reader") << QStringLiteral("acquire_write") << LockMode::Shared << false;
    QTest::newRow("two writers") << QStringLiteral("acquire_write") << LockMode::Exclusive << false;
}

void tst_NewDatabase::excludesAndIsExcluded()
{
    QFETCH(QString, theirs);
    QFETCH(LockMode, ours);
    QFETCH(bool, together);
    const QString attempt = theirs + QStringLiteral(" 0");
    const QString answer = together ? QStringLiteral("acquired") : QStringLiteral("timedOut");
    const auto other = python();
    ReadWriteLock lock(path(), {.mode = ours});
    QCOMPARE(other->ask(attempt), QStringLiteral("acquired"));
    QCOMPARE(lock.tryAcquire(), together);
    QCOMPARE(lock.errorString(), QString());
    QVERIFY(together || lock.holder().processId == other->processId());
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(together || lock.tryAcquire());
    QCOMPARE(other->ask(attempt), answer);
    QVERIFY(lock.release());
    QVERIFY(together || other->ask(attempt) == QLatin1String("acquired"));
    QCOMPARE(QFile(path()).size(), 0);
}

void tst_NewDatabase::isWokenWhenItLetsGo()
{
    QFETCH(LockMode, ours);
    const auto other = python();
    QCOMPARE(other->ask(QStringLiteral("acquire_write 0")), QStringLiteral("acquired"));
    ReadWriteLock lock(path(), {.pollInterval = 1h, .mode = ours}); // what wakes is not the poll
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquire();
    QVERIFY(contended.wait(Patience));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
}

void tst_NewDatabase::isWokenWhenItDies()
{
    QFETCH(LockMode, ours);
    const auto other = python();
    QCOMPARE(other->ask(QStringLiteral("acquire_write 0")), QStringLiteral("acquired"));
    ReadWriteLock lock(path(), {.pollInterval = 1h, .mode = ours});
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquire();
    QVERIFY(contended.wait(Patience));
    other->kill();
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
}

void tst_NewDatabase::getsItFromUs()
{
    ReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireRead());
    const auto other = python();
    other->tell(QStringLiteral("acquire_write 60"));
    QVERIFY(other->isSilent());
    QVERIFY(lock.release());
    QCOMPARE(other->hear(), QStringLiteral("acquired"));
}

void tst_NewDatabase::getsOnWhenWeDie()
{
    OtherProcess ours(QStringLiteral("sqlite-rw"), path());
    QCOMPARE(ours.ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
    const auto other = python();
    other->tell(QStringLiteral("acquire_read 60"));
    QVERIFY(other->isSilent());
    ours.kill();
    QCOMPARE(other->hear(), QStringLiteral("acquired"));
}

void tst_NewDatabase::itsWaitingWriterKeepsOurReadersOut()
{
    ReadWriteLock first(path());
    QVERIFY(first.tryAcquireRead());
    const auto writer = python();
    writer->tell(QStringLiteral("acquire_write 60"));
    ReadWriteLock second(path());
    const auto isKeptOut = [&second] { return !second.tryAcquireRead() || !second.release(); };
    QTRY_VERIFY_WITH_TIMEOUT(isKeptOut(), Patience);
    QVERIFY(first.release());
    QCOMPARE(writer->hear(), QStringLiteral("acquired"));
    QVERIFY(!second.tryAcquireRead());
    QCOMPARE(writer->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(second.tryAcquireReadFor(-1ms));
}

void tst_NewDatabase::ourWaitingWriterKeepsItsReadersOut()
{
    const auto reader = python();
    const auto late = python();
    QCOMPARE(reader->ask(QStringLiteral("acquire_read 0")), QStringLiteral("acquired"));
    ReadWriteLock lock(path(), {.pollInterval = 1h});
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireWrite();
    QVERIFY(contended.wait(Patience));
    QCOMPARE(late->ask(QStringLiteral("acquire_read 0")), QStringLiteral("timedOut"));
    QCOMPARE(reader->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
    QVERIFY(lock.release());
    QCOMPARE(late->ask(QStringLiteral("acquire_read 0")), QStringLiteral("acquired"));
}

// On systems without names for open files, filelock opens the database by a second name in a folder beside it.
void tst_NewDatabase::aLinkBesideTheFileIsTheSameLock()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral(".filelock-1-2-3-x")));
    const QString link = m_directory->filePath(QStringLiteral(".filelock-1-2-3-x/lock.db"));
    QCOMPARE(::link(qPrintable(path()), qPrintable(link)), 0);
    const auto other = newPython(QStringLiteral("sqlite-rw"), link);
    QCOMPARE(other->ask(QStringLiteral("acquire_write 0")), QStringLiteral("acquired"));
    ReadWriteLock lock(path(), {.pollInterval = 1h});
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.errorString(), QString());
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquire();
    QVERIFY(contended.wait(Patience));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
    QCOMPARE(other->ask(QStringLiteral("acquire_read 0")), QStringLiteral("timedOut"));
    QVERIFY(QFile::remove(link)); // as its user does when he has it no more
    QCOMPARE(lock.lossReason(), LossReason::None);
    QVERIFY(lock.verifyHeld());
}

void tst_NewDatabase::losesNoUpdate()
{
    const QString counter = m_directory->filePath(QStringLiteral("counter"));
    QFile file(counter);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    ReadWriteLock first(path()); // until all are there
    QVERIFY(first.tryAcquireWrite());
    constexpr int Each = 3;
    Counters counters;
    auto &theirs = counters.theirs;
    auto &ours = counters.ours;
    for (int i = 0; i < Each; ++i) {
        theirs.push_back(python());
        theirs.back()->tell(QStringLiteral("count acquire_write %1 %2").arg(counter).arg(Rounds));
        ours.push_back(std::make_unique<QProcess>());
        ours.back()->start(QCoreApplication::applicationFilePath(), {QStringLiteral("count"), path(), counter});
    }
    for (const auto &process : ours)
        QVERIFY(process->waitForStarted(Patience));
    QVERIFY(theirs.back()->isSilent());
    QVERIFY(first.release());
    counters.haveReached(2 * Each * Rounds, file);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 4 && std::strcmp(argv[1], "count") == 0)
        return count(QFile::decodeName(argv[2]), QFile::decodeName(argv[3]));
    tst_NewDatabase test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_newdatabase.moc"
