// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Many at once on one file.

#include "otherprocess.h"

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qtemporarydir.h>
#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>
#include <vector>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

constexpr int Patience = 120000; // ms; only a hang takes that long

} // namespace

class tst_SqliteCrowd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twoHundredProcessesReadTogetherAndAWriterComesAfterThem();
    void aWriterGetsInBetweenReadersWhoNeverAllLeave();
    void aHundredObjectsInOneThreadGetTheirTurn();

private:
    QTemporaryDir m_directory;
};

void tst_SqliteCrowd::twoHundredProcessesReadTogetherAndAWriterComesAfterThem()
{
    constexpr int count = 200;
    const QString path = m_directory.filePath(QStringLiteral("many.db"));
    std::vector<std::unique_ptr<OtherProcess>> readers;
    for (int i = 0; i < count; ++i)
        readers.push_back(std::make_unique<OtherProcess>(QStringLiteral("sqlite-rw"), path));
    for (const auto &reader : readers)
        reader->tell(QStringLiteral("acquireRead -1"));
    for (const auto &reader : readers)
        QCOMPARE(reader->hear(), QStringLiteral("acquired"));
    ReadWriteLock writer(path);
    QSignalSpy acquired(&writer, &ReadWriteLock::acquired);
    QSignalSpy contended(&writer, &ReadWriteLock::contended);
    writer.acquireWrite();
    QVERIFY(contended.wait(Patience));
    // From now on nobody new comes in; half of those inside leave in an orderly way, half die.
    QTRY_COMPARE_WITH_TIMEOUT(OtherProcess(QStringLiteral("sqlite-rw"), path).ask(QStringLiteral("tryRead")),
                              QStringLiteral("busy"), Patience);
    for (int i = 0; i < count; ++i) {
        QVERIFY(acquired.isEmpty());
        if (i % 2 == 0)
            QCOMPARE(readers[std::size_t(i)]->ask(QStringLiteral("release")), QStringLiteral("released"));
        else
            readers[std::size_t(i)]->kill();
    }
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
}

// Each reader comes before the one before him leaves: without a word from the writer there would be no moment without readers.
void tst_SqliteCrowd::aWriterGetsInBetweenReadersWhoNeverAllLeave()
{
    const QString path = m_directory.filePath(QStringLiteral("chain.db"));
    OtherProcess first(QStringLiteral("sqlite-rw"), path);
    OtherProcess second(QStringLiteral("sqlite-rw"), path);
    QCOMPARE(first.ask(QStringLiteral("tryRead")), QStringLiteral("acquired"));
    ReadWriteLock writer(path, {.pollInterval = 1h});
    QSignalSpy acquired(&writer, &ReadWriteLock::acquired);
    QSignalSpy contended(&writer, &ReadWriteLock::contended);
    writer.acquireWrite();
    QVERIFY(contended.wait(Patience));
    second.tell(QStringLiteral("acquireRead -1")); // overlaps the first, and has to wait all the same
    QVERIFY(second.isSilent());
    QCOMPARE(first.ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(acquired.wait(Patience));
    QVERIFY(second.isSilent());
    QVERIFY(writer.release());
    QCOMPARE(second.hear(), QStringLiteral("acquired"));
}

void tst_SqliteCrowd::aHundredObjectsInOneThreadGetTheirTurn()
{
    const QString path = m_directory.filePath(QStringLiteral("objects.db"));
    std::vector<std::unique_ptr<ReadWriteLock>> locks;
    int turns = 0;
    int inside = 0;
    for (int i = 0; i < 100; ++i) {
        auto lock = std::make_unique<ReadWriteLock>(path, ReadWriteLockOptions{.pollInterval = 1h});
        connect(lock.get(), &ReadWriteLock::acquired, this, [&turns, &inside, lock = lock.get()] {
            ++turns;
            QCOMPARE(++inside, 1);
            QTimer::singleShot(0, lock, [&inside, lock] {
                --inside;
                QVERIFY(lock->release());
            });
        });
        lock->acquireWrite();
        locks.push_back(std::move(lock));
    }
    QTRY_COMPARE_WITH_TIMEOUT(turns, 100, Patience);
}

QTEST_GUILESS_MAIN(tst_SqliteCrowd)
#include "tst_sqlitecrowd.moc"
