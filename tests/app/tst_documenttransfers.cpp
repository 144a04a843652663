// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What goes on while a lock is on its way to another document, and what a save that has begun before is worth then.

#include "../engine/patience.h"
#include "documentplace.h"

#include <holdfast/app/documentsave.h>

#include <QtCore/qregularexpression.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using Holdfast::Testing::comesTrueElsewhere;
using Change = DocumentLock::Change;
using Status = DocumentLock::Status;

class tst_DocumentTransfers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thereAndBackStaysWithTheDocumentThatIsLocked();
    void aReleaseEndsTheTransfer();
    void aLossEndsTheTransfer();
    void aLossThatNobodyHasSeenEndsTheTransfer_data();
    void aLossThatNobodyHasSeenEndsTheTransfer();
    void noOptionChangesOnTheWay();
    void aSaveIsOfTheHoldThatItBeganWith_data();
    void aSaveIsOfTheHoldThatItBeganWith();
    void changesOfTheNewDocumentAreSeenFromTheTransferOn();
    void aNewPathForgetsTheOldDocument();
    void aCrashIsToldByATransferToo_data();
    void aCrashIsToldByATransferToo();
    void takesNothingOverWhileHeld();
    void aLossIsToldBeforeTheNextHold_data();
    void aLossIsToldBeforeTheNextHold();
    void whoHearsOfTheStatusMayAcquireItAgain();
    void aLossIsToldBeforeTheNextPath();

private:
    static QString copyIn(const DocumentPlace &place) { return place.path(QStringLiteral("copy.txt")); }
};

// The other one's lock comes later, and must not be taken for this one's.
void tst_DocumentTransfers::thereAndBackStaysWithTheDocumentThatIsLocked()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QSignalSpy transferred(&lock, &DocumentLock::transferred);
    QSignalSpy refused(&lock, &DocumentLock::transferRefused);
    lock.transferTo(copyIn(place));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("on its way")));
    lock.transferTo(place.document());
    QCOMPARE(lock.error(), LockError::Misuse);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("on its way")));
    QVERIFY(!lock.tryTransferTo(place.document()));
    QTRY_COMPARE(transferred.size() + refused.size(), 2);
    QCOMPARE(transferred.size(), 1);
    QCOMPARE(lock.path(), copyIn(place));
    QCOMPARE(lock.status(), Status::Locked);
    QVERIFY(QFile::exists(sidecarOf(copyIn(place))));
    QVERIFY(!QFile::exists(place.sidecar()));
}

void tst_DocumentTransfers::aReleaseEndsTheTransfer()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QSignalSpy transferred(&lock, &DocumentLock::transferred);
    QSignalSpy refused(&lock, &DocumentLock::transferRefused);
    lock.transferTo(copyIn(place));
    QVERIFY(lock.release());
    QVERIFY(refused.size() == 1 || refused.wait());
    QVERIFY(!transferred.wait(200)); // long enough for an attempt that is under way
    QCOMPARE(refused.size(), 1);
    QCOMPARE(lock.status(), Status::Unlocked);
    QCOMPARE(lock.path(), place.document());
    QTRY_COMPARE(place.names(), QStringList(QStringLiteral("letter.txt")));
    QVERIFY(place.link("letter.txt", QStringLiteral("link")));
    QVERIFY(lock.tryAcquire());
    lock.transferTo(place.path(QStringLiteral("link"))); // the same, so only to be told
    QVERIFY(lock.release());
    QVERIFY(refused.wait());
    QCOMPARE(transferred.size(), 0);
    QCOMPARE(lock.path(), place.document());
}

void tst_DocumentTransfers::aLossEndsTheTransfer()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QSignalSpy transferred(&lock, &DocumentLock::transferred);
    QSignalSpy refused(&lock, &DocumentLock::transferRefused);
    lock.transferTo(copyIn(place));
    QVERIFY(QFile::remove(place.sidecar()));
    QVERIFY(!lock.verify());
    QTRY_COMPARE(lock.status(), Status::Lost);
    QTRY_COMPARE(refused.size(), 1);
    QVERIFY(!transferred.wait(200));
    QTRY_COMPARE(place.names(), QStringList(QStringLiteral("letter.txt")));
}

void tst_DocumentTransfers::aLossThatNobodyHasSeenEndsTheTransfer_data()
{
    QTest::addColumn<bool>("now");
    QTest::addColumn<QString>("name");
    QTest::newRow("transferTo") << false << QStringLiteral("copy.txt");
    QTest::newRow("transferTo, another spelling") << false << QStringLiteral("./letter.txt");
    QTest::newRow("tryTransferTo") << true << QStringLiteral("copy.txt");
    QTest::newRow("tryTransferTo, another spelling") << true << QStringLiteral("./letter.txt");
}

//   1 somebody removes the file, of which the watch has not told yet     2 the other document's lock is had
//   3 the old one is given back as if it had been held: nobody ever hears that somebody else could write meanwhile
void tst_DocumentTransfers::aLossThatNobodyHasSeenEndsTheTransfer()
{
    QFETCH(const bool, now);
    QFETCH(const QString, name);
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QSignalSpy lost(&lock, &DocumentLock::lost);
    QSignalSpy transferred(&lock, &DocumentLock::transferred);
    QSignalSpy refused(&lock, &DocumentLock::transferRefused);
    QVERIFY(QFile::remove(place.sidecar()));
    if (now)
        QVERIFY(!lock.tryTransferTo(place.path(name)));
    else
        lock.transferTo(place.path(name));
    QTRY_COMPARE(lost.size(), 1);
    QTRY_COMPARE(refused.size(), now ? 0 : 1);
    QCOMPARE(transferred.size(), 0);
    QCOMPARE(lock.path(), place.document());
    QCOMPARE(lock.status(), Status::Lost);
    QTRY_COMPARE(place.names(), QStringList(QStringLiteral("letter.txt")));
}

void tst_DocumentTransfers::noOptionChangesOnTheWay()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QSignalSpy transferred(&lock, &DocumentLock::transferred);
    lock.transferTo(copyIn(place));
    QVERIFY(lock.release());
    QVERIFY(lock.setPath(copyIn(place)));
    QVERIFY(lock.tryAcquire());
    QVERIFY(!transferred.wait(200));
    QVERIFY(lock.verify());
}

void tst_DocumentTransfers::aSaveIsOfTheHoldThatItBeganWith_data()
{
    QTest::addColumn<QString>("between");
    QTest::newRow("transfer") << QStringLiteral("transfer");
    QTest::newRow("release") << QStringLiteral("release");
    QTest::newRow("acquired again") << QStringLiteral("again");
    QTest::newRow("another editor's turn") << QStringLiteral("turn");
}

void tst_DocumentTransfers::aSaveIsOfTheHoldThatItBeganWith()
{
    QFETCH(QString, between);
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    DocumentSave save(lock);
    QVERIFY(save.begin());
    save.device()->write("stale");
    if (between == QLatin1String("transfer"))
        QVERIFY(lock.tryTransferTo(copyIn(place)));
    else
        QVERIFY(lock.release());
    if (between == QLatin1String("turn"))
        QVERIFY(DocumentPlace::write(place.document(), "Dear Carl"));
    if (between == QLatin1String("turn") || between == QLatin1String("again"))
        QVERIFY(lock.tryAcquire());
    const QByteArray before = DocumentPlace::read(place.document());
    QVERIFY(!save.commit());
    QCOMPARE(save.error(), DocumentSave::Error::NotHeld);
    QCOMPARE(DocumentPlace::read(place.document()), before);
    QVERIFY(!QFile::exists(copyIn(place)));
    if (between == QLatin1String("release"))
        return;
    QVERIFY(save.begin()); // of what is held now
    save.device()->write("fresh");
    QVERIFY2(save.commit(), qPrintable(save.errorString()));
    QCOMPARE(DocumentPlace::read(lock.path()), "fresh");
}

void tst_DocumentTransfers::changesOfTheNewDocumentAreSeenFromTheTransferOn()
{
    const DocumentPlace place;
    QVERIFY(DocumentPlace::write(copyIn(place), "to be replaced"));
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    QVERIFY(DocumentPlace::write(place.document(), "Dear Carl"));
    QCOMPARE(lock.checkDocument(), Change::Written);
    QSignalSpy changed(&lock, &DocumentLock::changeChanged);
    QVERIFY(lock.tryTransferTo(copyIn(place)));
    QCOMPARE(lock.change(), Change::None);
    QCOMPARE(changed.size(), 1);
    QVERIFY(DocumentPlace::write(copyIn(place), "somebody else's"));
    DocumentSave save(lock);
    QVERIFY(!save.begin());
    QCOMPARE(save.error(), DocumentSave::Error::DocumentChanged);
    QCOMPARE(DocumentPlace::read(copyIn(place)), "somebody else's");
}

void tst_DocumentTransfers::aNewPathForgetsTheOldDocument()
{
    const DocumentPlace place;
    QVERIFY(DocumentPlace::write(copyIn(place), "another"));
    DocumentLock lock(place.document());
    QVERIFY(lock.documentLoaded());
    QVERIFY(DocumentPlace::write(place.document(), "Dear Carl"));
    QCOMPARE(lock.checkDocument(), Change::Written);
    QSignalSpy changed(&lock, &DocumentLock::changeChanged);
    QVERIFY(lock.setPath(copyIn(place)));
    QCOMPARE(lock.change(), Change::None);
    QCOMPARE(changed.size(), 1);
    QVERIFY(lock.tryAcquire());
    DocumentSave save(lock);
    QVERIFY2(save.begin(), qPrintable(save.errorString()));
}

void tst_DocumentTransfers::aCrashIsToldByATransferToo_data()
{
    QTest::addColumn<bool>("now");
    QTest::newRow("transferTo") << false;
    QTest::newRow("tryTransferTo") << true;
}

void tst_DocumentTransfers::aCrashIsToldByATransferToo()
{
    QFETCH(const bool, now);
    const DocumentPlace place;
    OtherEditor other(copyIn(place));
    const qint64 process = other.processId();
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    other.kill();
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QSignalSpy crashed(&lock, &DocumentLock::previousOwnerCrashed);
    QSignalSpy transferred(&lock, &DocumentLock::transferred);
    if (now)
        QVERIFY(lock.tryTransferTo(copyIn(place)));
    else
        lock.transferTo(copyIn(place));
    QTRY_COMPARE(crashed.size(), 1);
    QCOMPARE(crashed.first().first().value<LockHolder>().processId, process);
    QTRY_COMPARE(transferred.size(), now ? 0 : 1);
}

// The owner who was shown has the other document.
void tst_DocumentTransfers::takesNothingOverWhileHeld()
{
    const DocumentPlace place;
    const QByteArray record = libreOfficeOf("ann", "desk7");
    QVERIFY(DocumentPlace::write(sidecarOf(copyIn(place)), record));
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QVERIFY(!lock.tryTransferTo(copyIn(place)));
    QCOMPARE(lock.owner().userName, QStringLiteral("ann"));
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    QSignalSpy failed(&lock, &DocumentLock::errorOccurred);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("it is held here")));
    lock.takeOver();
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(lock.error(), LockError::Misuse);
    QCOMPARE(acquired.size(), 0);
    QCOMPARE(lock.status(), Status::Locked);
    QCOMPARE(DocumentPlace::read(sidecarOf(copyIn(place))), record);
    QVERIFY(lock.release());
    QVERIFY(!lock.isHeld());
}

void tst_DocumentTransfers::aLossIsToldBeforeTheNextHold_data()
{
    QTest::addColumn<QString>("next");
    QTest::newRow("tryAcquire") << QStringLiteral("try");
    QTest::newRow("acquire") << QStringLiteral("acquire");
    QTest::newRow("verify, then tryAcquire") << QStringLiteral("verify");
}

// Once, and not while the next hold is there already: whoever hears it stops editing.
void tst_DocumentTransfers::aLossIsToldBeforeTheNextHold()
{
    QFETCH(const QString, next);
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QList<bool> heldAtLoss;
    connect(&lock, &DocumentLock::lost, this, [&] { heldAtLoss += lock.isHeld(); });
    QVERIFY(lock.tryAcquire());
    for (int round = 1; round <= 2; ++round) {
        QVERIFY(QFile::remove(place.sidecar()));
        if (next == QLatin1String("verify")) {
            QVERIFY(!lock.verify());
            QCOMPARE(lock.status(), Status::Lost);
            QCOMPARE(heldAtLoss.size(), round);
        } else {
            QTRY_VERIFY(!lock.isHeld()); // by an event, which has not been told here yet, or has
        }
        if (next == QLatin1String("acquire"))
            lock.acquire();
        else
            QVERIFY(lock.tryAcquire());
        QTRY_VERIFY(lock.isHeld());
        QTest::qWait(50); // for the event of the hold before
        QCOMPARE(heldAtLoss, QList<bool>(round, false));
        QCOMPARE(lock.status(), Status::Locked);
    }
}

void tst_DocumentTransfers::whoHearsOfTheStatusMayAcquireItAgain()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QStringList told;
    connect(&lock, &DocumentLock::lost, this,
            [&] { told += lock.isHeld() ? QStringLiteral("late") : QStringLiteral("lost"); });
    connect(&lock, &DocumentLock::statusChanged, this, [&] {
        if (lock.status() == Status::Lost)
            told += lock.tryAcquire() ? QStringLiteral("again") : QStringLiteral("refused");
    });
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::remove(place.sidecar()));
    QVERIFY(!lock.verify());
    QTest::qWait(50);
    QCOMPARE(told, QStringList({QStringLiteral("lost"), QStringLiteral("again")}));
    QCOMPARE(lock.status(), Status::Locked);
}

void tst_DocumentTransfers::aLossIsToldBeforeTheNextPath()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QSignalSpy lost(&lock, &DocumentLock::lost);
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::remove(place.sidecar()));
    QVERIFY(
        comesTrueElsewhere([&] { return !lock.isHeld(); })); // without an event loop, so it is noticed, and not told
    QCOMPARE(lost.size(), 0);
    QVERIFY(lock.setPath(copyIn(place)));
    QCOMPARE(lost.size(), 1);
    QCOMPARE(lock.status(), Status::Unlocked);
}

QTEST_GUILESS_MAIN(tst_DocumentTransfers)
#include "tst_documenttransfers.moc"
