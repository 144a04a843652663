// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The files of other editors, torn ones, and taking over.

#include "../engine/nobody.h"
#include "../engine/watches.h"
#include "documentplace.h"

#include <holdfast/app/documentlock.h>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qprocess.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <pwd.h>
#include <sys/stat.h>

using namespace Holdfast;
using Holdfast::Testing::asNobody;
using namespace std::chrono_literals;
using Status = DocumentLock::Status;

namespace {

QByteArray ownUser()
{
    return getpwuid(geteuid())->pw_name;
}

QByteArray ownHost()
{
    return QSysInfo::machineHostName().toLocal8Bit();
}

QByteArray golden(const char *name)
{
    return DocumentPlace::read(QStringLiteral(GOLDEN_FILES "/") + QString::fromLatin1(name));
}

QByteArray swapOf(qint64 process, const QByteArray &host)
{
    QByteArray block = golden("vimswap");
    for (int byte = 0; byte < 4; ++byte)
        block[24 + byte] = static_cast<char>(process >> (8 * byte) & 0xFF);
    return block.replace(68, 40, host.leftJustified(40, '\0'));
}

} // namespace

class tst_DocumentOwners : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoHasLostItAndLivesHasNotCrashed();
    void respectsOtherEditors_data();
    void respectsOtherEditors();
    void oneNamedDeadKeepsNobodyOut();
    void takesWhatNobodyOwns_data();
    void takesWhatNobodyOwns();
    void anotherMachinesRecordIsNotJudged();
    void takesOverAndSaysFromWhom();
    void takesOverNobodyWhoLives();
    void takesOverNobodyBehindWhomSomebodyLives();
    void takesOverOnlyWhoWasShown();
    void takesOverOneBehindAnother();
    void aRefusedTakeOverIsForgotten();
    void takesOverNobodyUnseen();
    void theFormerOwnerIsTold();
    void aRecordThatIsWrittenOverIsLostAtOnce();
    void libreOfficesOwnerShowsInACentralDirectoryToo();
    void inspectingChangesNothing();
    void recoversWhatAnotherUserHasLeft();
    void whoMayReadTheDocumentMayReadWhoHasIt_data();
    void whoMayReadTheDocumentMayReadWhoHasIt();
    void takesOverWhatMustNotBeRead();
    void whatAnotherUserHasLeftForGoodIsAnError();
};

void tst_DocumentOwners::respectsOtherEditors_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Status>("status");
    QTest::addColumn<QString>("user");
    const Status other = Status::LockedByOther;
    QTest::newRow("LibreOffice, another user") << QString::fromLatin1(".~lock.letter.txt#")
                                               << libreOfficeOf("ann", "desk7") << other << QString::fromLatin1("ann");
    QTest::newRow("LibreOffice, this user and machine")
        << QString::fromLatin1(".~lock.letter.txt#") << libreOfficeOf(ownUser(), ownHost())
        << Status::LockedBySelfElsewhere << QString::fromLatin1(ownUser());
    QTest::newRow("LibreOffice, as it was written")
        << QString::fromLatin1(".~lock.letter.txt#") << golden("libreofficelock") << Status::LockedBySelfElsewhere
        << QString::fromLatin1("root");
    QTest::newRow("LibreOffice, shared") << QString::fromLatin1(".~sharing.letter.txt#")
                                         << libreOfficeOf("ann", "desk7") << other << QString::fromLatin1("ann");
    QTest::newRow("Vim, elsewhere") << QString::fromLatin1(".letter.txt.swp") << swapOf(4711, "elsewhere")
                                    << Status::LockedBySelfElsewhere << QString::fromLatin1("root");
    QTest::newRow("Word") << QString::fromLatin1("~$letter.txt") << golden("msoffice-word") << other
                          << QString::fromLatin1("");
    QTest::newRow("Excel") << QString::fromLatin1("~$letter.txt") << golden("msoffice-excel") << other
                           << QString::fromLatin1("");
    QTest::newRow("Emacs, elsewhere") << QString::fromLatin1(".#letter.txt")
                                      << QByteArray("-> anna@elsewhere.4711:1700000000") << other
                                      << QString::fromLatin1("anna");
}

void tst_DocumentOwners::respectsOtherEditors()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(Status, status);
    QFETCH(QString, user);
    const DocumentPlace place;
    if (bytes.startsWith("-> "))
        QVERIFY(place.link(bytes.sliced(3), name));
    else
        QVERIFY(DocumentPlace::write(place.path(name), bytes));
    DocumentLock lock(place.document());
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::None);
    QCOMPARE(lock.owner().userName, user);
    QVERIFY(lock.owner().isValid());
    QCOMPARE(lock.status(),
             lock.owner().userName == QString::fromLatin1(ownUser()) ? Status::LockedBySelfElsewhere : status);
    QCOMPARE(lock.owner().liveness, Liveness::Unknown);
    QVERIFY(DocumentLock::inspect(place.document()).isLocked());
    QCOMPARE(DocumentLock::inspect(place.document()).owner, lock.owner());
    if (!bytes.startsWith("-> "))
        QCOMPARE(DocumentPlace::read(place.path(name)), bytes);
    lock.setOwnerFiles({});
    QCOMPARE(lock.tryAcquire(), name != QLatin1String(".~lock.letter.txt#")); // that one is the lock
}

void tst_DocumentOwners::oneNamedDeadKeepsNobodyOut()
{
    const DocumentPlace place;
    OtherEditor gone(place.path(QStringLiteral("other")));
    const qint64 process = gone.processId();
    gone.kill();
    QVERIFY(DocumentPlace::write(place.path(QStringLiteral(".letter.txt.swp")), swapOf(process, ownHost())));
    QVERIFY(place.link("root@" + ownHost() + '.' + QByteArray::number(process), QStringLiteral(".#letter.txt")));
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::exists(place.path(QStringLiteral(".letter.txt.swp")))); // what it has to recover stays
}

void tst_DocumentOwners::takesWhatNobodyOwns_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray whole = libreOfficeOf("ann", "desk7");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("torn") << whole.first(20);
    QTest::newRow("zeros") << QByteArray(74, '\0');
    QTest::newRow("garbage") << QByteArray("garbage\n");
    QTest::newRow("long garbage") << QByteArray(50000, 'x');
}

void tst_DocumentOwners::takesWhatNobodyOwns()
{
    QFETCH(QByteArray, bytes);
    const DocumentPlace place;
    QVERIFY(DocumentPlace::write(place.sidecar(), bytes));
    QVERIFY(!DocumentLock::inspect(place.document()).isLocked());
    DocumentLock lock(place.document());
    QSignalSpy crashed(&lock, &DocumentLock::previousOwnerCrashed);
    QVERIFY(lock.tryAcquire());
    QCOMPARE(crashed.size(), 0); // nobody is named
    QVERIFY(lock.verify());
    const QByteArray now = DocumentPlace::read(place.sidecar());
    QVERIFY2(now.endsWith(';') && now.size() < 400 && now.contains("holdfast:1?pid="), now.constData());
    QVERIFY(lock.release());
    QCOMPARE(place.names(), QStringList(QStringLiteral("letter.txt")));
}

// A folder that a sync client copies: the record comes here, the lock of the other machine's system does not.
void tst_DocumentOwners::anotherMachinesRecordIsNotJudged()
{
    const DocumentPlace place;
    QByteArray record;
    {
        OtherEditor other(place.document());
        QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
        record = DocumentPlace::read(place.sidecar());
        QVERIFY(other.end());
    }
    record.replace(',' + ownHost() + ',', ",elsewhere,");
    QVERIFY(DocumentPlace::write(place.sidecar(), record));
    DocumentLock lock(place.document());
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.owner().hostName, QStringLiteral("elsewhere"));
    QCOMPARE(lock.owner().liveness, Liveness::Unknown);
    QCOMPARE(lock.owner().application, QStringLiteral("otherpad"));
    QCOMPARE(DocumentPlace::read(place.sidecar()), record);
}

void tst_DocumentOwners::takesOverAndSaysFromWhom()
{
    const DocumentPlace place;
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ann", "desk7")));
    DocumentLock lock(place.document());
    QVERIFY(!lock.tryAcquire());
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("taken over from LibreOffice .user ann, Ann Lee.")));
    lock.takeOver();
    QVERIFY(acquired.wait());
    QVERIFY(lock.verify());
    QVERIFY(!DocumentPlace::read(place.sidecar()).contains("desk7"));
    QVERIFY(lock.release());
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ann", "desk7")));
    QVERIFY(!lock.tryAcquire()); // the permission was for once
}

void tst_DocumentOwners::takesOverNobodyWhoLives()
{
    const DocumentPlace place;
    OtherEditor other(place.document());
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    DocumentLock lock(place.document());
    QVERIFY(!lock.tryAcquire());
    QSignalSpy timedOut(&lock, &DocumentLock::timedOut);
    lock.takeOver();
    QVERIFY(timedOut.wait());
    QCOMPARE(other.ask(QStringLiteral("verify")), QStringLiteral("yes"));
}

// Of several owners the one who lives is the one that counts, wherever his file comes in the order.
void tst_DocumentOwners::takesOverNobodyBehindWhomSomebodyLives()
{
    const DocumentPlace place;
    QVERIFY(place.link("anna@elsewhere.4711:1700000000", QStringLiteral(".#letter.txt"))); // Emacs
    DocumentLock lock(place.document());
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.owner().userName, QStringLiteral("anna"));
    QVERIFY(place.link("/bin/sleep", QStringLiteral("vim"))); // so that is what the process is called
    QProcess vim;
    vim.start(place.path(QStringLiteral("vim")), {QStringLiteral("1000")});
    QVERIFY(vim.waitForStarted());
    QVERIFY(DocumentPlace::write(place.path(QStringLiteral(".letter.txt.swp")), swapOf(vim.processId(), ownHost())));
    QSignalSpy timedOut(&lock, &DocumentLock::timedOut);
    for (int i = 0; i < 2; ++i) { // the second time he has been shown
        lock.takeOver();
        QVERIFY(timedOut.wait());
        QCOMPARE(lock.owner().processId, vim.processId());
        QCOMPARE(lock.owner().liveness, Liveness::Alive);
    }
    vim.kill();
    QVERIFY(vim.waitForFinished());
}

void tst_DocumentOwners::takesOverOnlyWhoWasShown()
{
    const DocumentPlace place;
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ann", "desk7")));
    DocumentLock lock(place.document());
    QVERIFY(!lock.tryAcquire());
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ben", "desk8")));
    QSignalSpy timedOut(&lock, &DocumentLock::timedOut);
    lock.takeOver();
    QVERIFY(timedOut.wait());
    QCOMPARE(lock.owner().userName, QStringLiteral("ben"));
    QCOMPARE(DocumentPlace::read(place.sidecar()), libreOfficeOf("ben", "desk8"));
}

// Each is shown, and each is asked about; what was permitted holds until the next acquire().
void tst_DocumentOwners::takesOverOneBehindAnother()
{
    const DocumentPlace place;
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ann", "desk7")));
    QVERIFY(DocumentPlace::write(place.path(QStringLiteral("~$letter.txt")), golden("msoffice-word")));
    QVERIFY(place.link("ben@elsewhere.4711:1700000000", QStringLiteral(".#letter.txt")));
    DocumentLock lock(place.document());
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    QSignalSpy timedOut(&lock, &DocumentLock::timedOut);
    QStringList shown;
    const auto takeOver = [&](qsizetype refusals) {
        shown += lock.owner().application;
        lock.takeOver();
        QTRY_COMPARE(acquired.size() + timedOut.size(), refusals);
    };
    QVERIFY(!lock.tryAcquire());
    takeOver(1);
    takeOver(2);
    QVERIFY(!lock.tryAcquire()); // forgets
    shown.clear();
    for (const QString &former :
         {QStringLiteral("LibreOffice"), QStringLiteral("Microsoft Word"), QStringLiteral("Emacs")})
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("taken over from ") + former));
    for (qsizetype refusals = 3; refusals <= 5; ++refusals)
        takeOver(refusals);
    QCOMPARE(acquired.size(), 1);
    QVERIFY(lock.verify());
    shown.sort();
    QCOMPARE(shown,
             QStringList({QStringLiteral("Emacs"), QStringLiteral("LibreOffice"), QStringLiteral("Microsoft Word")}));
    QVERIFY(QFile::exists(place.path(QStringLiteral("~$letter.txt"))));
}

// Who was shown comes back, but nobody has been asked about him once more.
void tst_DocumentOwners::aRefusedTakeOverIsForgotten()
{
    const DocumentPlace place;
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ann", "desk7")));
    DocumentLock lock(place.document());
    QVERIFY(!lock.tryAcquire());
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ben", "desk8")));
    QSignalSpy timedOut(&lock, &DocumentLock::timedOut);
    lock.takeOver();
    QVERIFY(timedOut.wait());
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ann", "desk7")));
    QVERIFY(!lock.tryAcquire());
    lock.acquire();
    QVERIFY(timedOut.wait());
    QCOMPARE(DocumentPlace::read(place.sidecar()), libreOfficeOf("ann", "desk7"));
}

void tst_DocumentOwners::takesOverNobodyUnseen()
{
    const DocumentPlace place;
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ann", "desk7")));
    DocumentLock lock(place.document());
    QSignalSpy failed(&lock, &DocumentLock::errorOccurred);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("nobody was seen to have it")));
    lock.takeOver();
    QCOMPARE(failed.size(), 0);
    QVERIFY(failed.wait());
    QCOMPARE(lock.error(), LockError::Misuse);
    QCOMPARE(lock.status(), DocumentLock::Status::Error);
    QCOMPARE(DocumentPlace::read(place.sidecar()), libreOfficeOf("ann", "desk7"));
}

// By somebody who knows nothing of the system's lock: in place, as LibreOffice does, or by removing and making it anew.
void tst_DocumentOwners::theFormerOwnerIsTold()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QSignalSpy lost(&lock, &DocumentLock::lost);
    QVERIFY(lock.tryAcquire());
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ben", "desk8")));
    QVERIFY(lost.wait(20000));
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::OwnerChanged);
    QCOMPARE(lock.status(), Status::Lost);
    QVERIFY(!lock.isHeld());
    QCOMPARE(DocumentPlace::read(place.sidecar()), libreOfficeOf("ben", "desk8")); // his stays
    QVERIFY(!lock.release());
    QVERIFY(QFile::remove(place.sidecar()));
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::remove(place.sidecar()));
    QVERIFY(lost.wait(20000));
    QCOMPARE(lost.last().first().value<LossReason>(), LossReason::MarkerMissing);
}

// One that writes and leaves the file open is no exception.
void tst_DocumentOwners::aRecordThatIsWrittenOverIsLostAtOnce()
{
    const DocumentPlace place;
    QElapsedTimer sinceAcquired; // it is looked every 5 s
    DocumentLock lock(place.document());
    QSignalSpy lost(&lock, &DocumentLock::lost);
    sinceAcquired.start();
    QVERIFY(lock.tryAcquire());
    QVERIFY(Testing::isWatched(place.sidecar()));
    QFile file(place.sidecar());
    QVERIFY(file.open(QIODevice::ReadWrite | QIODevice::Unbuffered));
    QCOMPARE(file.write("B"), 1);
    QVERIFY(lost.wait(20000));
    QVERIFY2(sinceAcquired.elapsed() < 5000, "it was a look, and no event");
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::OwnerChanged);
}

void tst_DocumentOwners::libreOfficesOwnerShowsInACentralDirectoryToo()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.setLockDirectory(place.path(QStringLiteral("locks/deep"))));
    QVERIFY(lock.tryAcquire());
    QVERIFY(!QFile::exists(place.sidecar()));
    DocumentLock rival(place.path(QStringLiteral("locks/../letter.txt")));
    QVERIFY(rival.setLockDirectory(place.path(QStringLiteral("locks/deep"))));
    QVERIFY(!rival.tryAcquire());
    QVERIFY(lock.release());
    QVERIFY(DocumentPlace::write(place.sidecar(), libreOfficeOf("ann", "desk7")));
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.owner().userName, QStringLiteral("ann"));
}

void tst_DocumentOwners::inspectingChangesNothing()
{
    const DocumentPlace place;
    OtherEditor other(place.document());
    QVERIFY(!DocumentLock::inspect(place.document()).isLocked());
    QCOMPARE(place.names(), QStringList(QStringLiteral("letter.txt")));
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const QStringList names = place.names();
    const QByteArray record = DocumentPlace::read(place.sidecar());
    const DocumentInspection inspection = DocumentLock::inspect(place.document());
    QVERIFY(inspection.isLocked());
    QCOMPARE(inspection.owner.processId, other.processId());
    QCOMPARE(inspection.owner.liveness, Liveness::Alive);
    QCOMPARE(inspection.files.size(), 1);
    QCOMPARE(place.names(), names);
    QCOMPARE(DocumentPlace::read(place.sidecar()), record);
    QCOMPARE(other.ask(QStringLiteral("verify")), QStringLiteral("yes"));
    other.kill();
    QCOMPARE(DocumentLock::inspect(place.document()).owner.liveness, Liveness::Dead);
    QCOMPARE(DocumentPlace::read(place.sidecar()), record);
}

// His file may be read, not written: the lock on it is asked for in another way, and it is replaced, not written over.
void tst_DocumentOwners::recoversWhatAnotherUserHasLeft()
{
    if (geteuid() != 0)
        QSKIP("needs two users");
    const DocumentPlace place;
    OtherEditor dead(place.document());
    QCOMPARE(dead.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const QString folder = QFileInfo(place.document()).path();
    QVERIFY(::chmod(qPrintable(folder), 0777) == 0);
    QVERIFY(::chmod(qPrintable(place.sidecar()), 0644) == 0);
    OtherEditor nobody(QStringLiteral("/usr/bin/setpriv"),
                       {QStringLiteral("--reuid=65534"), QStringLiteral("--clear-groups"),
                        QStringLiteral(HOLDFAST_DOCUMENTPROCESS), place.document()});
    QVERIFY(nobody.ask(QStringLiteral("try")).startsWith(QLatin1String("busy LockedByOther")));
    dead.kill();
    nobody.tell(QStringLiteral("try"));
    QVERIFY(nobody.hear().startsWith(QLatin1String("crashed otherpad")));
    QCOMPARE(nobody.hear(), QStringLiteral("acquired"));
    QVERIFY(nobody.end());
    QCOMPARE(place.names(), QStringList(QStringLiteral("letter.txt")));
}

void tst_DocumentOwners::whoMayReadTheDocumentMayReadWhoHasIt_data()
{
    QTest::addColumn<unsigned>("document");
    QTest::addColumn<unsigned>("sidecar");
    QTest::newRow("everybody") << 0664U << 0644U;
    QTest::newRow("the group") << 0660U << 0640U;
    QTest::newRow("its user") << 0600U << 0600U;
    QTest::newRow("no document") << 0U << 0600U;
}

// Else nobody could tell that a crashed owner with such a umask has died.
void tst_DocumentOwners::whoMayReadTheDocumentMayReadWhoHasIt()
{
    QFETCH(unsigned, document);
    QFETCH(unsigned, sidecar);
    const DocumentPlace place;
    QVERIFY(document != 0 ? ::chmod(qPrintable(place.document()), document) == 0 : QFile::remove(place.document()));
    OtherEditor careful(QStringLiteral("/bin/sh"),
                        {QStringLiteral("-c"), QStringLiteral("umask 077; exec \"$0\" \"$1\""),
                         QStringLiteral(HOLDFAST_DOCUMENTPROCESS), place.document()});
    QCOMPARE(careful.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    struct stat facts;
    QVERIFY(::stat(qPrintable(place.sidecar()), &facts) == 0);
    QCOMPARE(facts.st_mode & 0777U, sidecar);
}

// A sidecar of an older version, or of LibreOffice's. That somebody has it locked is still seen.
void tst_DocumentOwners::takesOverWhatMustNotBeRead()
{
    if (geteuid() != 0)
        QSKIP("needs two users");
    const DocumentPlace place;
    OtherEditor other(place.document());
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QVERIFY(::chmod(qPrintable(QFileInfo(place.document()).path()), 0777) == 0);
    QVERIFY(::chmod(qPrintable(place.sidecar()), 0600) == 0);
    OtherEditor nobody(QStringLiteral("/usr/bin/setpriv"),
                       {QStringLiteral("--reuid=65534"), QStringLiteral("--clear-groups"),
                        QStringLiteral(HOLDFAST_DOCUMENTPROCESS), place.document()});
    const QString busy = QStringLiteral("busy LockedByOther a program (user root)");
    QCOMPARE(nobody.ask(QStringLiteral("try")), busy);
    QCOMPARE(nobody.ask(QStringLiteral("takeOver")), QStringLiteral("timedOut"));
    QVERIFY(asNobody([&] {
        const LockHolder owner = DocumentLock::inspect(place.document()).owner;
        return owner.userName == QLatin1String("root") && owner.liveness == Liveness::Alive;
    }));
    other.kill();
    QCOMPARE(nobody.ask(QStringLiteral("try")), busy);
    QCOMPARE(nobody.ask(QStringLiteral("takeOver")), QStringLiteral("acquired"));
    QVERIFY(nobody.end());
    QCOMPARE(place.names(), QStringList(QStringLiteral("letter.txt")));
}

// In a sticky folder only its owner can take it away: nobody has the document, and no wait would ever end.
void tst_DocumentOwners::whatAnotherUserHasLeftForGoodIsAnError()
{
    if (geteuid() != 0)
        QSKIP("needs two users");
    const DocumentPlace place;
    OtherEditor dead(place.document());
    QCOMPARE(dead.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const QString folder = QFileInfo(place.document()).path();
    QVERIFY(::chmod(qPrintable(folder), 01777) == 0);
    dead.kill();
    OtherEditor nobody(QStringLiteral("/usr/bin/setpriv"),
                       {QStringLiteral("--reuid=65534"), QStringLiteral("--clear-groups"),
                        QStringLiteral(HOLDFAST_DOCUMENTPROCESS), place.document()});
    const QString said = nobody.ask(QStringLiteral("try"));
    QVERIFY2(said.startsWith(QLatin1String("failed Cannot lock")), qPrintable(said));
    QVERIFY2(said.contains(QStringLiteral("the user root has left")) && said.contains(place.sidecar()),
             qPrintable(said));
    nobody.tell(QStringLiteral("acquire -1"));
    QCOMPARE(nobody.hear(), said);
}

// Its folder goes, and comes back with the record of a hold that was lost meanwhile.
void tst_DocumentOwners::whoHasLostItAndLivesHasNotCrashed()
{
    const DocumentPlace place;
    QVERIFY(QDir().mkdir(place.path(QStringLiteral("here"))));
    const QString document = place.path(QStringLiteral("here/letter.txt"));
    QVERIFY(DocumentPlace::write(document, "Dear Anna"));
    DocumentLock lock(document);
    QSignalSpy lost(&lock, &DocumentLock::lost);
    QSignalSpy crashed(&lock, &DocumentLock::previousOwnerCrashed);
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
    QVERIFY(QDir().rename(place.path(QStringLiteral("here")), place.path(QStringLiteral("there"))));
    QTRY_COMPARE(lost.size(), 1);
    QVERIFY(QDir().rename(place.path(QStringLiteral("there")), place.path(QStringLiteral("here"))));
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
    QCOMPARE(crashed.size(), 0);
}

QTEST_GUILESS_MAIN(tst_DocumentOwners)
#include "tst_documentowners.moc"
