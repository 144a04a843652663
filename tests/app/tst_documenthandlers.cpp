// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What those do who hear of something, in the middle of it.

#include "documentplace.h"

#include <holdfast/app/documentsave.h>

#include <QtCore/qpointer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <functional>

using namespace Holdfast;
using Status = DocumentLock::Status;

class tst_DocumentHandlers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSaveLosesNothingThatAHandlerKnows_data();
    void aSaveLosesNothingThatAHandlerKnows();
    void aHandlerMayUseTheSameSave_data();
    void aHandlerMayUseTheSameSave();
    void whoHearsOfAChangeMayDestroyTheLock_data();
    void whoHearsOfAChangeMayDestroyTheLock();
    void aLossIsToldBeforeAnOptionChanges_data();
    void aLossIsToldBeforeAnOptionChanges();
};

using Answer = std::function<void(DocumentLock &, const DocumentPlace &)>;
Q_DECLARE_METATYPE(Answer)

namespace {

bool saves(DocumentLock &lock, const QByteArray &text)
{
    DocumentSave save(lock);
    save.setOverwritesChanges(true);
    return save.begin() && save.device()->write(text) == text.size() && save.commit();
}

} // namespace

void tst_DocumentHandlers::aSaveLosesNothingThatAHandlerKnows_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<bool>("isEarly");
    QTest::addColumn<DocumentSave::Error>("error");
    QTest::addColumn<QByteArray>("rest");
    using Error = DocumentSave::Error;
    const Answer elsewhere = [](DocumentLock &lock, const DocumentPlace &place) {
        QVERIFY(lock.tryTransferTo(place.path(QStringLiteral("copy.txt"))));
    };
    const Answer away = [](DocumentLock &lock, const DocumentPlace &) {
        lock.documentClosed();
        QVERIFY(lock.release());
    };
    const Answer merged = [](DocumentLock &lock, const DocumentPlace &) { QVERIFY(saves(lock, "merged")); };
    const Answer again = [](DocumentLock &lock, const DocumentPlace &) { QVERIFY(lock.documentLoaded()); };
    QTest::newRow("saves under another name") << elsewhere << false << Error::NotHeld << QByteArray("theirs");
    QTest::newRow("closes it") << away << false << Error::NotHeld << QByteArray("theirs");
    QTest::newRow("saves what both have") << merged << false << Error::DocumentChanged << QByteArray("merged");
    QTest::newRow("loads it again") << again << false << Error::DocumentChanged << QByteArray("theirs");
    QTest::newRow("loads it again, before the commit")
        << again << true << Error::DocumentChanged << QByteArray("theirs");
}

void tst_DocumentHandlers::aSaveLosesNothingThatAHandlerKnows()
{
    QFETCH(const Answer, answer);
    QFETCH(const bool, isEarly);
    QFETCH(const DocumentSave::Error, error);
    QFETCH(const QByteArray, rest);
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    QSignalSpy changed(&lock, &DocumentLock::documentChanged);
    connect(&lock, &DocumentLock::documentChanged, this, [&, isFirst = true]() mutable {
        if (std::exchange(isFirst, false))
            answer(lock, place);
    });
    DocumentSave save(lock);
    QVERIFY2(save.begin(), qPrintable(save.errorString()));
    QVERIFY(save.device()->write("mine") == 4);
    QVERIFY(DocumentPlace::write(place.document(), "theirs"));
    if (isEarly)
        QVERIFY(changed.wait());
    QVERIFY(!save.commit());
    QCOMPARE(changed.size(), 1);
    QCOMPARE(save.error(), error);
    QCOMPARE(DocumentPlace::read(place.document()), rest);
}

void tst_DocumentHandlers::aHandlerMayUseTheSameSave_data()
{
    QTest::addColumn<bool>("commits");
    QTest::newRow("begins and commits") << true;
    QTest::newRow("begins, for a commit to come") << false;
}

void tst_DocumentHandlers::aHandlerMayUseTheSameSave()
{
    QFETCH(const bool, commits);
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    DocumentSave save(lock);
    connect(&lock, &DocumentLock::documentChanged, this, [&, isFirst = true]() mutable {
        if (!std::exchange(isFirst, false))
            return;
        QVERIFY(lock.documentLoaded());
        QVERIFY(save.begin());
        QVERIFY(save.device()->write("merged") == 6);
        if (commits)
            QVERIFY2(save.commit(), qPrintable(save.errorString()));
    });
    QVERIFY(save.begin());
    QVERIFY(save.device()->write("mine") == 4);
    QVERIFY(DocumentPlace::write(place.document(), "theirs"));
    QVERIFY(!save.commit());
    QCOMPARE(save.error(), DocumentSave::Error::DocumentChanged);
    if (!commits) {
        QCOMPARE(DocumentPlace::read(place.document()), QByteArray("theirs"));
        QVERIFY2(save.commit(), qPrintable(save.errorString()));
    }
    QCOMPARE(DocumentPlace::read(place.document()), QByteArray("merged"));
}

void tst_DocumentHandlers::whoHearsOfAChangeMayDestroyTheLock_data()
{
    QTest::addColumn<bool>("first");
    QTest::newRow("changeChanged") << true;
    QTest::newRow("documentChanged") << false;
}

void tst_DocumentHandlers::whoHearsOfAChangeMayDestroyTheLock()
{
    QFETCH(const bool, first);
    const DocumentPlace place;
    auto *lock = new DocumentLock(place.document());
    const QPointer<DocumentLock> alive(lock);
    QVERIFY(lock->documentLoaded());
    const auto destroy = [lock] { delete lock; };
    if (first)
        connect(lock, &DocumentLock::changeChanged, this, destroy);
    else
        connect(lock, &DocumentLock::documentChanged, this, destroy);
    QVERIFY(DocumentPlace::write(place.document(), "Dear Carl"));
    QTRY_VERIFY(!alive);
}

void tst_DocumentHandlers::aLossIsToldBeforeAnOptionChanges_data()
{
    QTest::addColumn<std::function<bool(DocumentLock &)>>("change");
    using Change = std::function<bool(DocumentLock &)>;
    QTest::newRow("full name") << Change(
        [](DocumentLock &lock) { return lock.setFullName(QStringLiteral("Anna Lee")); });
    QTest::newRow("application") << Change(
        [](DocumentLock &lock) { return lock.setApplication(QStringLiteral("pad")); });
    QTest::newRow("directory") << Change([](DocumentLock &lock) { return lock.setLockDirectory(QDir::tempPath()); });
    QTest::newRow("owner files") << Change([](DocumentLock &lock) { return lock.setOwnerFiles({}); });
}

// Its own news go with the lock that has them, and the next loss would be taken for that one.
void tst_DocumentHandlers::aLossIsToldBeforeAnOptionChanges()
{
    QFETCH(const std::function<bool(DocumentLock &)>, change);
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QSignalSpy lost(&lock, &DocumentLock::lost);
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::remove(place.sidecar()));
    while (lock.isHeld()) // another thread sees it; this one runs no event loop
        QThread::yieldCurrentThread();
    QVERIFY(change(lock));
    QCOMPARE(lost.size(), 1);
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::MarkerMissing);
    QCOMPARE(lock.status(), Status::Lost);
    QVERIFY(lock.setLockDirectory({}));
    QVERIFY(lock.tryAcquire());
    QCOMPARE(lost.size(), 1);
    QVERIFY(QFile::remove(place.sidecar()));
    QTRY_COMPARE(lost.size(), 2);
}

QTEST_GUILESS_MAIN(tst_DocumentHandlers)
#include "tst_documenthandlers.moc"
