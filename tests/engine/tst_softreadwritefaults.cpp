// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A soft read/write lock whose system calls fail, and whose marker is not what it was.

#include "../os/faults.h"
#include "children.h"
#include "readwriteplace.h"

#include "os/process.h"

#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

#include <cerrno>
#include <cstring>
#include <sched.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(Holdfast::LockMode)

class tst_SoftReadWriteFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRemovedMarkerIsALoss_data();
    void aRemovedMarkerIsALoss();
    void anotherTokenIsALoss_data();
    void anotherTokenIsALoss();
    void aLinkInItsPlaceIsALossAndNotFollowed();
    void whatFailsForAMomentIsPostponed_data();
    void whatFailsForAMomentIsPostponed();
    void aRenewalIsASignOfLife_data();
    void aRenewalIsASignOfLife();
    void aMarkerThatCannotBeWrittenIsNotLeftBehind_data();
    void aMarkerThatCannotBeWrittenIsNotLeftBehind();
    void aMarkerThatCannotBeAskedAtOnceIsAskedAgain_data();
    void aMarkerThatCannotBeAskedAtOnceIsAskedAgain();
    void aReleaseThatFailsCanBeRepeated_data();
    void aReleaseThatFailsCanBeRepeated();
    void aFailedScanWithdrawsTheAnnouncement();
    void anUnreadableMarkerIsAlive();
    void theChildOfAForkTouchesNothing();
    void anyHostNameWillDo();

private:
    static void bothModes();
    static QString markerOf(const ReadWriteFiles &files, LockMode mode)
    {
        return mode == LockMode::Shared ? files.reader(files.readerNames().value(0)) : files.writer();
    }
};

void tst_SoftReadWriteFaults::bothModes()
{
    QTest::addColumn<LockMode>("mode");
    QTest::newRow("reading") << LockMode::Shared;
    QTest::newRow("writing") << LockMode::Exclusive;
}

void tst_SoftReadWriteFaults::aRemovedMarkerIsALoss_data()
{
    bothModes();
}

void tst_SoftReadWriteFaults::aRemovedMarkerIsALoss()
{
    QFETCH(LockMode, mode);
    const ReadWriteFiles files;
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
    QCOMPARE(backend->inspect(), LossReason::None);
    QVERIFY(QFile::remove(markerOf(files, mode)));
    QCOMPARE(backend->inspect(), LossReason::MarkerMissing);
    const Renewal renewal = backend->renew();
    QCOMPARE(renewal.answer, Renewal::Lost);
    QCOMPARE(renewal.reason, LossReason::MarkerMissing);
    QVERIFY(!backend->release());
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
}

void tst_SoftReadWriteFaults::anotherTokenIsALoss_data()
{
    QTest::addColumn<LockMode>("mode");
    QTest::addColumn<bool>("sameFile");
    QTest::addColumn<QByteArray>("bytes");
    for (const bool sameFile : {false, true}) {
        const char *where = sameFile ? "the same file" : "another file";
        QTest::addRow("reading, %s", where) << LockMode::Shared << sameFile << foreignMarker();
        QTest::addRow("writing, %s", where) << LockMode::Exclusive << sameFile << foreignMarker();
        QTest::addRow("writing, malformed, %s", where) << LockMode::Exclusive << sameFile << QByteArray("nonsense");
    }
}

void tst_SoftReadWriteFaults::anotherTokenIsALoss()
{
    QFETCH(LockMode, mode);
    QFETCH(bool, sameFile);
    QFETCH(QByteArray, bytes);
    const ReadWriteFiles files;
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
    QCOMPARE(backend->renew().answer, Renewal::Done);
    const QString marker = markerOf(files, mode);
    QVERIFY(sameFile || QFile::remove(marker));
    write(marker, bytes);
    age(marker, 20s);
    QCOMPARE(backend->inspect(), LossReason::OwnerChanged);
    const Renewal renewal = backend->renew();
    QCOMPARE(renewal.answer, Renewal::Lost);
    QCOMPARE(renewal.reason, LossReason::OwnerChanged);
    QVERIFY(isOlderThan(marker, 10s)); // nobody else's age is touched
    QVERIFY(!backend->release());
    QCOMPARE(read(marker), bytes);
}

void tst_SoftReadWriteFaults::aLinkInItsPlaceIsALossAndNotFollowed()
{
    const ReadWriteFiles files;
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    const QString target = files.file(QStringLiteral("target"));
    write(target, read(files.writer())); // with our own token in it
    age(target, 1h);
    QVERIFY(QFile::remove(files.writer()));
    QVERIFY(QFile::link(target, files.writer()));
    QCOMPARE(backend->renew().answer, Renewal::Lost);
    QVERIFY(!backend->release());
    QVERIFY(isOlderThan(target, 3000s));
    QVERIFY(statOf(files.writer()).st_mode & S_IFLNK);
}

void tst_SoftReadWriteFaults::whatFailsForAMomentIsPostponed_data()
{
    QTest::addColumn<Call>("call");
    QTest::addColumn<int>("code");
    QTest::newRow("touching: EIO") << Call::Futimens << EIO;
    QTest::newRow("opening: EIO") << Call::Openat << EIO;
    QTest::newRow("opening: EMFILE") << Call::Openat << EMFILE;
    QTest::newRow("reading: ESTALE") << Call::Pread << ESTALE;
    QTest::newRow("looking: EIO") << Call::Fstatat << EIO;
}

void tst_SoftReadWriteFaults::whatFailsForAMomentIsPostponed()
{
    QFETCH(Call, call);
    QFETCH(int, code);
    for (const LockMode mode : {LockMode::Exclusive, LockMode::Shared}) {
        const ReadWriteFiles files;
        const auto backend = files.backend();
        QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
        {
            Faults faults;
            faults.fail(call, code, 1, ForEver);
            const Renewal renewal = backend->renew();
            QCOMPARE(renewal.answer, Renewal::Postponed);
            QVERIFY2(renewal.failure.text.contains(files.path()), qPrintable(renewal.failure.text));
            if (call != Call::Futimens)
                QCOMPARE(backend->inspect(), LossReason::None); // could not be asked
        }
        QCOMPARE(backend->renew().answer, Renewal::Done);
        QVERIFY(!backend->release());
    }
}

void tst_SoftReadWriteFaults::aRenewalIsASignOfLife_data()
{
    bothModes();
}

void tst_SoftReadWriteFaults::aRenewalIsASignOfLife()
{
    QFETCH(LockMode, mode);
    const ReadWriteFiles files;
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
    for (int i = 0; i < 3; ++i) {
        age(markerOf(files, mode), 1h);
        QCOMPARE(backend->renew().answer, Renewal::Done);
        QVERIFY(!isOlderThan(markerOf(files, mode), 30s));
    }
    QVERIFY(!backend->release());
    QCOMPARE(timesOpen(files.path()), 0);
}

void tst_SoftReadWriteFaults::aMarkerThatCannotBeWrittenIsNotLeftBehind_data()
{
    QTest::addColumn<LockMode>("mode");
    QTest::addColumn<int>("code"); // 0: writes nothing, and says so
    for (const int code : {ENOSPC, EIO, 0}) {
        QTest::addRow("reading, %d", code) << LockMode::Shared << code;
        QTest::addRow("writing, %d", code) << LockMode::Exclusive << code;
    }
}

void tst_SoftReadWriteFaults::aMarkerThatCannotBeWrittenIsNotLeftBehind()
{
    QFETCH(LockMode, mode);
    QFETCH(int, code);
    const ReadWriteFiles files;
    const auto backend = files.backend();
    {
        Faults faults;
        constexpr int ours = 3; // after those of the mutex and the guard
        if (code == 0)
            faults.shorten(Call::Write, 0, ours);
        else
            faults.fail(Call::Write, code, ours);
        const Attempt answer = backend->attempt(mode);
        QCOMPARE(answer.answer, Attempt::Failed);
        QCOMPARE(answer.failure.error, code == ENOSPC ? LockError::NoSpace : LockError::System);
    }
    QVERIFY(!QFile::exists(files.writer()));
    QVERIFY(!QFile::exists(files.state()));
    QVERIFY(files.readerNames().isEmpty());
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
}

void tst_SoftReadWriteFaults::aMarkerThatCannotBeAskedAtOnceIsAskedAgain_data()
{
    bothModes();
}

void tst_SoftReadWriteFaults::aMarkerThatCannotBeAskedAtOnceIsAskedAgain()
{
    QFETCH(LockMode, mode);
    const ReadWriteFiles files;
    const auto backend = files.backend();
    constexpr int ours = 2; // the first is that of the mutex
    {
        Faults faults;
        faults.fail(Call::Fstat, EIO, ours, 3);
        QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
    }
    QVERIFY(!backend->release());
    {
        Faults faults;
        faults.fail(Call::Fstat, EIO, ours, ForEver);
        QCOMPARE(backend->attempt(mode).answer, Attempt::Failed);
    }
    QVERIFY(QFile::exists(markerOf(files, mode))); // nothing proves that it is ours
    age(markerOf(files, mode), files.Threshold + 2s);
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_SoftReadWriteFaults::aReleaseThatFailsCanBeRepeated_data()
{
    bothModes();
}

void tst_SoftReadWriteFaults::aReleaseThatFailsCanBeRepeated()
{
    QFETCH(LockMode, mode);
    const ReadWriteFiles files;
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
    {
        Faults faults;
        faults.fail(Call::Unlinkat, EIO);
        const std::optional<Failure> failure = backend->release();
        QVERIFY(failure);
        QVERIFY2(failure->text.contains(files.path()), qPrintable(failure->text));
    }
    QVERIFY(QFile::exists(markerOf(files, mode)));
    QCOMPARE(backend->renew().answer, Renewal::Done); // still held
    QVERIFY(!backend->release());
    QVERIFY(!QFile::exists(files.writer()));
    QVERIFY(files.readerNames().isEmpty());
    QVERIFY(!QFile::exists(files.state()));
}

void tst_SoftReadWriteFaults::aFailedScanWithdrawsTheAnnouncement()
{
    const ReadWriteFiles files;
    files.makeReaders();
    const auto backend = files.backend();
    {
        Faults faults;
        faults.fail(Call::Readdir, EIO);
        const Attempt answer = backend->attempt(LockMode::Exclusive);
        QCOMPARE(answer.answer, Attempt::Failed);
        QVERIFY2(answer.failure.text.contains(files.readers()), qPrintable(answer.failure.text));
    }
    QVERIFY(!QFile::exists(files.writer()));
    QVERIFY(!QFile::exists(files.state()));
}

void tst_SoftReadWriteFaults::anUnreadableMarkerIsAlive()
{
    const ReadWriteFiles files;
    write(files.writer(), foreignMarker());
    age(files.writer(), 1h);
    const auto backend = files.backend();
    {
        Faults faults;
        faults.fail(Call::Pread, EIO, 1, ForEver);
        QCOMPARE(backend->attempt(LockMode::Shared).answer, Attempt::Busy);
        QVERIFY(QFile::exists(files.writer()));
    }
    QCOMPARE(backend->attempt(LockMode::Shared).answer, Attempt::Acquired);
}

void tst_SoftReadWriteFaults::theChildOfAForkTouchesNothing()
{
    const ReadWriteFiles files;
    auto reader = files.backend();
    auto writer = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    Child child([&] {
        reader->abandon();
        writer->abandon();
        EXPECT_IN_CHILD(timesOpen(files.path()) == 0);
        reader.reset();
        writer.reset();
        return true;
    });
    QVERIFY(child.succeeds());
    QVERIFY(QFile::exists(files.writer()));
    QCOMPARE(files.readerNames().size(), 1);
    QCOMPARE(reader->renew().answer, Renewal::Done);
}

void tst_SoftReadWriteFaults::anyHostNameWillDo()
{
    const ReadWriteFiles files;
    for (const char *name : {"m\xc3\xbcller", "two words", "", "fine"}) {
        Child child([&] {
            if (::unshare(CLONE_NEWUTS) != 0 || ::sethostname(name, std::strlen(name)) != 0)
                _exit(2);
            for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive}) {
                const auto backend = files.backend();
                EXPECT_IN_CHILD(backend->attempt(mode).answer == Attempt::Acquired);
                EXPECT_IN_CHILD(backend->holder().hostName == QString::fromUtf8(name));
                EXPECT_IN_CHILD(backend->renew().answer == Renewal::Done);
                EXPECT_IN_CHILD(!backend->release());
            }
            return true;
        });
        int status = 0;
        QCOMPARE(::waitpid(child.process(), &status, 0), child.process());
        if (WEXITSTATUS(status) == 2)
            QSKIP("only a privileged user can try other host names");
        QCOMPARE(status, 0);
    }
}

QTEST_GUILESS_MAIN(tst_SoftReadWriteFaults)
#include "tst_softreadwritefaults.moc"
