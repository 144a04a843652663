// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Waiting for a document, hearing of its changes, and editors that are killed in the middle.

#include "documentplace.h"

#include <holdfast/app/documentlock.h>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qpointer.h>
#include <QtCore/qprocess.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;
using Change = DocumentLock::Change;
using Status = DocumentLock::Status;

class tst_DocumentWaits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWokenByTheRelease_data();
    void isWokenByTheRelease();
    void isWokenByTheDeathOfTheHolder();
    void isWokenWhenLibreOfficeCloses();
    void waitsForAnEditorWithoutEvents();
    void canBeCancelled();
    void timesOut();
    void saysThatTheDocumentIsAnotherByNow();
    void hearsOfEveryChange_data();
    void hearsOfEveryChange();
    void hearsOfWhatFollowsAReplacement();
    void hearsThatARemovedDocumentIsBack();
    void hearsOfChangesWhereNothingCanBeWatched();
    void locksWithTheFirstModification();
    void locksAfterAChangeOfMind_data();
    void locksAfterAChangeOfMind();
    void survivesItsOwnHandlers();
    void editorsKilledInTheMiddleLeaveAWholeDocument();
    void aKilledSaveLeavesTheOldDocument();
};

void tst_DocumentWaits::isWokenByTheRelease_data()
{
    QTest::addColumn<int>("after");
    QTest::newRow("soon") << 100;  // until it listens for events
    QTest::newRow("late") << 6100; // nobody who has waited long looks less often
}

void tst_DocumentWaits::isWokenByTheRelease()
{
    QFETCH(const int, after);
    const DocumentPlace place;
    OtherEditor other(place.document());
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    DocumentLock lock(place.document());
    QSignalSpy contended(&lock, &DocumentLock::contended);
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    lock.acquire(-1ms);
    QVERIFY(contended.wait());
    QCOMPARE(lock.status(), Status::Acquiring);
    QCOMPARE(lock.owner().processId, other.processId());
    QVERIFY(!acquired.wait(after));
    QElapsedTimer clock;
    clock.start();
    other.tell(QStringLiteral("release"));
    QVERIFY(acquired.wait());
    QVERIFY2(clock.elapsed() < 1500, qPrintable(QString::number(clock.elapsed()))); // the poll comes every 2 s
    QCOMPARE(other.hear(), QStringLiteral("released"));
    QVERIFY(lock.verify());
    QVERIFY(!lock.owner().isValid());
}

void tst_DocumentWaits::isWokenByTheDeathOfTheHolder()
{
    const DocumentPlace place;
    OtherEditor other(place.document());
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    OtherEditor waiter(place.document());
    waiter.tell(QStringLiteral("acquire"));
    QVERIFY(waiter.isSilent());
    QElapsedTimer clock;
    clock.start();
    other.kill();
    QVERIFY(waiter.hear().startsWith(QLatin1String("crashed otherpad")));
    QCOMPARE(waiter.hear(), QStringLiteral("acquired"));
    QVERIFY2(clock.elapsed() < 1500, qPrintable(QString::number(clock.elapsed())));
}

void tst_DocumentWaits::isWokenWhenLibreOfficeCloses()
{
    const DocumentPlace place;
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ann", "desk7")));
    DocumentLock lock(place.document());
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    lock.acquire(-1ms);
    QVERIFY(!acquired.wait(300));
    QElapsedTimer clock;
    clock.start();
    QVERIFY(QFile::remove(place.sidecar()));
    QVERIFY(acquired.wait());
    QVERIFY2(clock.elapsed() < 1500, qPrintable(QString::number(clock.elapsed())));
}

void tst_DocumentWaits::waitsForAnEditorWithoutEvents()
{
    const DocumentPlace place;
    QVERIFY(place.link("anna@elsewhere.4711:1700000000", QStringLiteral(".#letter.txt")));
    DocumentLock lock(place.document());
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    QSignalSpy contended(&lock, &DocumentLock::contended);
    lock.acquire(-1ms);
    QVERIFY(contended.wait());
    QCOMPARE(lock.owner().userName, QStringLiteral("anna"));
    QVERIFY(!QFile::exists(place.sidecar()));
    QVERIFY(QFile::remove(place.path(QStringLiteral(".#letter.txt"))));
    QVERIFY(acquired.wait(10000));
}

void tst_DocumentWaits::canBeCancelled()
{
    const DocumentPlace place;
    OtherEditor other(place.document());
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    DocumentLock lock(place.document());
    QSignalSpy cancelled(&lock, &DocumentLock::cancelled);
    lock.acquire(-1ms);
    lock.cancel();
    QVERIFY(cancelled.wait());
    QCOMPARE(lock.status(), Status::Unlocked);
}

void tst_DocumentWaits::timesOut()
{
    const DocumentPlace place;
    OtherEditor other(place.document());
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    DocumentLock lock(place.document());
    QSignalSpy timedOut(&lock, &DocumentLock::timedOut);
    QVERIFY(lock.setTimeout(200ms));
    QElapsedTimer clock;
    clock.start();
    lock.acquire();
    QVERIFY(timedOut.wait());
    QVERIFY(clock.elapsed() >= 199);
    QCOMPARE(lock.status(), Status::LockedBySelfElsewhere);
    QVERIFY(!lock.tryAcquireFor(100ms));
}

// Loaded for reading while somebody else had it; what is got at last is not that any more.
void tst_DocumentWaits::saysThatTheDocumentIsAnotherByNow()
{
    const DocumentPlace place;
    OtherEditor other(place.document());
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    DocumentLock lock(place.document());
    QVERIFY(lock.documentLoaded());
    QVector<QString> heard;
    connect(&lock, &DocumentLock::documentChanged, this, [&] { heard += QStringLiteral("changed"); });
    connect(&lock, &DocumentLock::acquired, this, [&] { heard += QStringLiteral("acquired"); });
    lock.acquire(-1ms);
    QCOMPARE(other.ask(QStringLiteral("begin")), QStringLiteral("begun"));
    QCOMPARE(other.ask(QStringLiteral("commit")), QStringLiteral("committed"));
    QCOMPARE(other.ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_VERIFY(lock.isHeld());
    QCOMPARE(lock.change(), Change::Replaced);
    QTRY_COMPARE(heard, QVector<QString>({QStringLiteral("changed"), QStringLiteral("acquired")}));
    QVERIFY(lock.documentLoaded());
    QCOMPARE(lock.change(), Change::None);
}

void tst_DocumentWaits::hearsOfEveryChange_data()
{
    QTest::addColumn<Change>("change");
    QTest::newRow("written") << Change::Written;
    QTest::newRow("replaced") << Change::Replaced;
    QTest::newRow("removed") << Change::Removed;
    QTest::newRow("moved") << Change::Moved;
}

void tst_DocumentWaits::hearsOfEveryChange()
{
    QFETCH(Change, change);
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QSignalSpy changed(&lock, &DocumentLock::documentChanged);
    QVERIFY(lock.documentLoaded());
    const QString elsewhere = place.path(QStringLiteral("elsewhere"));
    if (change == Change::Written) {
        QVERIFY(DocumentPlace::write(place.document(), "Dear Carl"));
    } else if (change == Change::Replaced) {
        QVERIFY(DocumentPlace::write(elsewhere, "Dear Carl"));
        QVERIFY(::rename(qPrintable(elsewhere), qPrintable(place.document())) == 0);
    } else if (change == Change::Removed) {
        QVERIFY(QFile::remove(place.document()));
    } else {
        QVERIFY(QFile::rename(place.document(), elsewhere));
    }
    QVERIFY(changed.wait());
    QCOMPARE(changed.first().first().value<Change>(), change);
    QCOMPARE(lock.change(), change);
    QVERIFY(!changed.wait(300)); // and once
    QCOMPARE(changed.size(), 1);
}

// A watch of the file alone is blind after the first one, and the folder tells nothing of what is written into a file.
void tst_DocumentWaits::hearsOfWhatFollowsAReplacement()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QSignalSpy changed(&lock, &DocumentLock::documentChanged);
    QVERIFY(lock.documentLoaded());
    const QString fresh = place.path(QStringLiteral("fresh"));
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(DocumentPlace::write(fresh, "version " + QByteArray::number(i)));
        QVERIFY(::rename(qPrintable(fresh), qPrintable(place.document())) == 0);
        QTRY_COMPARE(changed.size(), 2 * i - 1);
        QVERIFY(DocumentPlace::write(place.document(), "draft " + QByteArray::number(i)));
        QTRY_COMPARE(changed.size(), 2 * i);
    }
    QVERIFY(DocumentPlace::write(fresh, "Dear Anna")); // as it was
    QSignalSpy state(&lock, &DocumentLock::changeChanged);
    QVERIFY(::rename(qPrintable(fresh), qPrintable(place.document())) == 0);
    QVERIFY(state.wait());
    QCOMPARE(lock.change(), Change::None);
}

// What is not there cannot be watched: its folder is.
void tst_DocumentWaits::hearsThatARemovedDocumentIsBack()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QSignalSpy changed(&lock, &DocumentLock::documentChanged);
    QVERIFY(lock.documentLoaded());
    QVERIFY(QFile::remove(place.document()));
    QVERIFY(changed.wait());
    QCOMPARE(lock.change(), Change::Removed);
    QVERIFY(!changed.wait(300)); // until nothing of the removal is left to be looked at
    QVERIFY(DocumentPlace::write(place.document(), "Dear Carl"));
    QVERIFY(changed.wait());
    // The new file may have got the old one's inode.
    QVERIFY(lock.change() == Change::Replaced || lock.change() == Change::Written);
}

// A user has so and so many watches; in a namespace of its own, none.
void tst_DocumentWaits::hearsOfChangesWhereNothingCanBeWatched()
{
    const DocumentPlace place;
    const QString script = QStringLiteral("echo 0 > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$1\"");
    if (QProcess::execute(QStringLiteral("unshare"),
                          {QStringLiteral("-U"), QStringLiteral("-r"), QStringLiteral("true")})
        != 0)
        QSKIP("no user namespace to be had");
    OtherEditor editor(QStringLiteral("unshare"),
                       {QStringLiteral("-U"), QStringLiteral("-r"), QStringLiteral("sh"), QStringLiteral("-c"), script,
                        QStringLiteral(HOLDFAST_DOCUMENTPROCESS), place.document()});
    QCOMPARE(editor.ask(QStringLiteral("load")), QStringLiteral("loaded"));
    QVERIFY(editor.isSilent()); // the look that follows each loading is over
    QVERIFY(DocumentPlace::write(place.document(), "Dear Carl"));
    QCOMPARE(editor.hear(), QStringLiteral("changed %1").arg(static_cast<int>(Change::Written)));
}

void tst_DocumentWaits::locksWithTheFirstModification()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    lock.setLazy(true);
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    QSignalSpy released(&lock, &DocumentLock::released);
    QVERIFY(lock.documentLoaded());
    QVERIFY(!QFile::exists(place.sidecar()));
    lock.setModified(true);
    QVERIFY(acquired.wait());
    lock.setModified(true);
    lock.setModified(false);
    QCOMPARE(released.size(), 1);
    QVERIFY(!QFile::exists(place.sidecar()));
}

void tst_DocumentWaits::locksAfterAChangeOfMind_data()
{
    QTest::addColumn<QVector<bool>>("modified");
    QTest::newRow("undone") << QVector<bool>{true, false};
    QTest::newRow("redone") << QVector<bool>{true, false, true};
    QTest::newRow("undone again") << QVector<bool>{true, false, true, false};
    QTest::newRow("redone again") << QVector<bool>{true, false, true, false, true};
}

// All before the event loop has its turn.
void tst_DocumentWaits::locksAfterAChangeOfMind()
{
    QFETCH(QVector<bool>, modified);
    const DocumentPlace place;
    DocumentLock lock(place.document());
    lock.setLazy(true);
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    for (const bool isModified : modified)
        lock.setModified(isModified);
    QCOMPARE(acquired.wait(modified.last() ? 5000 : 200), modified.last()); // or long enough for an attempt
    QCOMPARE(lock.isHeld(), modified.last());
    QCOMPARE(QFile::exists(place.sidecar()), modified.last());
    lock.setModified(false);
    QVERIFY(!lock.isHeld());
    QVERIFY(!QFile::exists(place.sidecar()));
}

void tst_DocumentWaits::survivesItsOwnHandlers()
{
    const DocumentPlace place;
    for (int moment = 0; moment < 5; ++moment) {
        auto *lock = new DocumentLock(place.document());
        const QPointer<DocumentLock> alive(lock);
        const auto destroy = [lock] { delete lock; };
        if (moment == 0)
            connect(lock, &DocumentLock::statusChanged, this, [lock] { lock->isHeld() ? delete lock : void(); });
        else if (moment == 1)
            connect(lock, &DocumentLock::heldChanged, this, destroy);
        else if (moment == 2)
            connect(lock, &DocumentLock::acquired, this, destroy);
        else if (moment == 3)
            connect(lock, &DocumentLock::released, this, destroy);
        else
            connect(lock, &DocumentLock::lost, this, destroy);
        lock->acquire();
        if (moment >= 3) {
            QTRY_VERIFY(lock->isHeld());
            QVERIFY(moment == 4 ? QFile::remove(place.sidecar()) : lock->release());
        }
        QTRY_VERIFY(!alive);
        QVERIFY(!QFile::exists(place.sidecar()));
    }
}

// Whenever it comes: the number in the document never goes back, and the next one goes on at once.
void tst_DocumentWaits::editorsKilledInTheMiddleLeaveAWholeDocument()
{
    const DocumentPlace place;
    QVERIFY(DocumentPlace::write(place.document(), "1"));
    int before = 1;
    for (int round = 0; round < 20; ++round) {
        OtherEditor editor(place.document());
        editor.tell(QStringLiteral("count 1000000"));
        // At work, and another moment each time.
        QTRY_VERIFY_WITH_TIMEOUT(DocumentPlace::read(place.document()).toInt() > before, 30000);
        QTest::qWait(round);
        editor.kill();
        const int now = DocumentPlace::read(place.document()).toInt();
        QVERIFY2(now >= before, qPrintable(QStringLiteral("%1 after %2").arg(now).arg(before)));
        before = now;
        DocumentLock lock(place.document());
        QVERIFY2(lock.tryAcquire(), qPrintable(lock.owner().toString() + lock.errorString()));
    }
}

void tst_DocumentWaits::aKilledSaveLeavesTheOldDocument()
{
    const DocumentPlace place;
    OtherEditor other(place.document());
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QCOMPARE(other.ask(QStringLiteral("begin")), QStringLiteral("begun"));
    other.kill();
    QCOMPARE(DocumentPlace::read(place.document()), "Dear Anna");
    OtherEditor next(place.document());
    next.tell(QStringLiteral("try"));
    QVERIFY(next.hear().startsWith(QLatin1String("crashed ")));
    QCOMPARE(next.hear(), QStringLiteral("acquired"));
    QCOMPARE(next.ask(QStringLiteral("begin")), QStringLiteral("begun"));
    QCOMPARE(next.ask(QStringLiteral("commit")), QStringLiteral("committed"));
    next.kill();
    QCOMPARE(DocumentPlace::read(place.document()).size(), 100000);
}

QTEST_GUILESS_MAIN(tst_DocumentWaits)
#include "tst_documentwaits.moc"
