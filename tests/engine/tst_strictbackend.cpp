// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/owner.h"
#include "engine/softbackend.h"
#include "engine/strictclaims.h"
#include "os/process.h"
#include "patience.h"
#include "strictfiles.h"

#include <QtCore/qscopeguard.h>
#include <QtCore/qset.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <filesystem>
#include <utime.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

/** What a strict lock leaves on the disk, and what it makes of what it finds there. Labels as in the specification. */
class tst_StrictBackend : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHoldIsTwoNamesOfOneFile();
    void filesHaveTheModeThatWasAskedFor_data();
    void filesHaveTheModeThatWasAskedFor();
    void oneHoldsAndTheOtherIsBusy();
    void leftoverClaimsBlock_data();
    void leftoverClaimsBlock();
    void collisionsAreRetriedSoonAndWaitsAreNot();
    void waitsForASoftLockThatWasThereFirst();
    void refusesOtherFamilies_data();
    void refusesOtherFamilies();
    void anUnfinishedFileAtThePathIsGivenTime();
    void whoHoldsIsWhoContends();
    void keepsItsPlace_data();
    void keepsItsPlace();
    void followsAReplacedDirectory();
    void isLostWhenItsHeldClaimGoes_data();
    void isLostWhenItsHeldClaimGoes();
    void leavesWhatIsNotItsOwn();
    void aNameThatIsNoNameIsRefused();
};

void tst_StrictBackend::aHoldIsTwoNamesOfOneFile() // N1
{
    const mode_t mask = ::umask(022);
    const auto restore = qScopeGuard([mask] { ::umask(mask); });
    const StrictFiles files;
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    const QStringList names = files.names();
    QCOMPARE(names.size(), 2);
    const QString token = backend->token();
    QCOMPARE(token.size(), 32);
    QCOMPARE(names.first(), QStringLiteral("held-v1-%1.claim").arg(token));
    QCOMPARE(names.last(), QStringLiteral("intent-v1-%1.claim").arg(token));
    const struct stat held = statOf(files.claim(names.first()));
    QCOMPARE(held.st_ino, statOf(files.claim(names.last())).st_ino);
    QCOMPARE(held.st_nlink, nlink_t(2));
    QCOMPARE(held.st_mode & 07777, 0644u);
    QCOMPARE(statOf(files.path() + QStringLiteral(".filelock")).st_mode & 07777, 0755u);
    const Owner self = currentOwner();
    const QByteArray host = QByteArray::fromStdString(self.host).toHex();
    QCOMPARE(read(files.claim(names.first())), "filelock-strict-v1\n" + token.toLatin1() + "\n"
                                                   + QByteArray::number(qlonglong(self.process)) + "\n" + host + "\n"
                                                   + QByteArray::fromStdString(self.startToken) + "\n");
    QCOMPARE(read(files.path()), StrictFiles::Sentinel);
    QVERIFY(!backend->release());
    QCOMPARE(files.names(), QStringList());
    QCOMPARE(read(files.path()), StrictFiles::Sentinel);
    QCOMPARE(timesOpen(files.path()), 0);
}

void tst_StrictBackend::filesHaveTheModeThatWasAskedFor_data()
{
    QTest::addColumn<int>("asked");
    QTest::addColumn<uint>("made");
    QTest::newRow("none: less the umask") << -1 << 0600u;
    QTest::newRow("exactly, whatever the umask") << 0664 << 0664u;
}

void tst_StrictBackend::filesHaveTheModeThatWasAskedFor()
{
    QFETCH(int, asked);
    QFETCH(uint, made);
    const mode_t mask = ::umask(077);
    const auto restore = qScopeGuard([mask] { ::umask(mask); });
    const StrictFiles files;
    const auto backend = files.backend(asked < 0 ? std::nullopt : std::optional(unsigned(asked)));
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(statOf(files.path()).st_mode & 07777, made);
    QCOMPARE(statOf(files.claim(files.names().first())).st_mode & 07777, made);
}

void tst_StrictBackend::oneHoldsAndTheOtherIsBusy() // N2
{
    const StrictFiles files;
    const auto a = files.backend();
    const auto b = files.backend();
    QCOMPARE(a->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(b->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(b->attemptBriefly(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(files.names().size(), 2); // and b leaves nothing
    QCOMPARE(a->inspect(), LossReason::None);
    QVERIFY(!a->release());
    QCOMPARE(b->attemptBriefly(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(a->attempt(LockMode::Exclusive).answer, Attempt::Busy);
}

void tst_StrictBackend::leftoverClaimsBlock_data() // N4
{
    QTest::addColumn<QStringList>("states");
    QTest::newRow("an intent") << QStringList{QStringLiteral("intent")};
    QTest::newRow("a held claim") << QStringList{QStringLiteral("held")};
    QTest::newRow("both") << QStringList{QStringLiteral("held"), QStringLiteral("intent")};
}

void tst_StrictBackend::leftoverClaimsBlock()
{
    QFETCH(QStringList, states);
    const StrictFiles files;
    for (const QString &state : states)
        files.addClaim(state, StrictFiles::Token);
    const QStringList before = files.names();
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(files.names(), before);
    const ClaimList list = strictClaims(files.encoded());
    QVERIFY2(!list.failure.isSet(), qPrintable(list.failure.text));
    QCOMPARE(qsizetype(list.claims.size()), states.size());
    const LockHolder owner = ownerOf(list.claims.front());
    QCOMPARE(owner.processId, 25436);
    QCOMPARE(owner.hostName, QStringLiteral("vm"));
    QCOMPARE(owner.token, QString::fromLatin1(StrictFiles::Token));
    QCOMPARE(strictHolder(files.encoded()), owner);
    for (const QString &name : before)
        QVERIFY(!breakClaim(files.encoded(), name).isSet());
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_StrictBackend::collisionsAreRetriedSoonAndWaitsAreNot() // pain 64
{
    const StrictFiles files;
    files.addClaim(QStringLiteral("intent"), StrictFiles::Token);
    const auto backend = files.backend();
    QSet<qint64> hints;
    for (int i = 0; i < 200; ++i) {
        const Attempt attempt = backend->attempt(LockMode::Exclusive);
        QCOMPARE(attempt.answer, Attempt::Busy);
        if (i == 0)
            QCOMPARE(attempt.retryIn, std::chrono::milliseconds(1));
        QVERIFY(attempt.retryIn.count() >= 1 && attempt.retryIn.count() <= 50);
        hints.insert(attempt.retryIn.count());
        QVERIFY(backend->watchable().descriptor < 0);
    }
    QVERIFY2(hints.size() > 20, qPrintable(QString::number(hints.size()))); // random, and grown
    files.addClaim(QStringLiteral("held"), StrictFiles::Token);
    QCOMPARE(backend->attempt(LockMode::Exclusive).retryIn.count(), 0);
    QVERIFY(backend->watchable().descriptor >= 0);
    QFile::remove(files.claim(files.names().first()));
    QCOMPARE(backend->attempt(LockMode::Exclusive).retryIn, std::chrono::milliseconds(1));
}

void tst_StrictBackend::waitsForASoftLockThatWasThereFirst() // N3
{
    const StrictFiles files;
    const LockOptions options;
    SoftBackend soft({.path = files.encoded()}, options);
    QCOMPARE(soft.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    const auto strict = files.backend();
    for (int i = 0; i < 2; ++i)
        QCOMPARE(strict->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QVERIFY(strict->watchable().descriptor >= 0);
    QCOMPARE(strict->identity(), soft.identity());
    QCOMPARE(strict->holder().processId, os::currentProcess());
    QVERIFY(!soft.release());
    QCOMPARE(strict->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QVERIFY(soft.attempt(LockMode::Exclusive).answer != Attempt::Acquired);
    QVERIFY(!strict->release());
    QVERIFY(soft.attempt(LockMode::Exclusive).answer != Attempt::Acquired); // I16: also between strict holds
    QCOMPARE(read(files.path()), StrictFiles::Sentinel);
    QVERIFY(!strict->holder().isValid());
}

void tst_StrictBackend::refusesOtherFamilies_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("family");
    QTest::newRow("a lease") << QByteArray("filelock/2\npid=1\nhost=h\nmode=lease\n"
                                           "token=992e4acb79047bbd586dc0e2bd081fb4\nduration=0.9\n")
                             << QStringLiteral("lease");
    QTest::newRow("a database") << QByteArray("SQLite format 3\0", 16) + QByteArray(100, 'x')
                                << QStringLiteral("SQLite");
    QTest::newRow("an empty file") << QByteArray() << QStringLiteral("empty");
    QTest::newRow("a document") << QByteArray("Dear Sir,") << QStringLiteral("no lock");
    QTest::newRow("almost the sentinel") << StrictFiles::Sentinel + 'x' << QStringLiteral("no lock");
}

void tst_StrictBackend::refusesOtherFamilies()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, family);
    const StrictFiles files;
    write(files.path(), bytes);
    const utimbuf old{1000, 1000};
    ::utime(QFile::encodeName(files.path()).constData(), &old);
    const auto backend = files.backend();
    const Attempt attempt = backend->attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, Attempt::Failed);
    QCOMPARE(attempt.failure.error, LockError::OtherFamily);
    QVERIFY2(attempt.failure.text.contains(family) && attempt.failure.text.contains(files.path()),
             qPrintable(attempt.failure.text));
    QCOMPARE(read(files.path()), bytes);
}

void tst_StrictBackend::anUnfinishedFileAtThePathIsGivenTime()
{
    const StrictFiles files;
    write(files.path(), {});
    const auto backend = files.backend();
    const Attempt attempt = backend->attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, Attempt::Busy);
    QVERIFY(attempt.retryIn.count() > 0); // it becomes an error also with a poll interval of an hour
    QFile::remove(files.path());
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_StrictBackend::whoHoldsIsWhoContends()
{
    const StrictFiles files;
    const auto a = files.backend();
    const auto b = files.backend();
    QCOMPARE(a->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(b->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QVERIFY(a->identity().isValid());
    QCOMPARE(a->identity(), b->identity()); // by which a thread that waits for itself is told
}

void tst_StrictBackend::keepsItsPlace_data() // N16
{
    QTest::addColumn<bool>("byLink");
    QTest::newRow("the working directory changes") << false;
    QTest::newRow("a symbolic link above leads elsewhere") << true;
}

void tst_StrictBackend::keepsItsPlace()
{
    QFETCH(bool, byLink);
    const QTemporaryDir top;
    QDir(top.path()).mkdir(QStringLiteral("one"));
    QDir(top.path()).mkdir(QStringLiteral("two"));
    const QString here = QDir::currentPath();
    const auto restore = qScopeGuard([&] { QDir::setCurrent(here); });
    const QString link = top.filePath(QStringLiteral("link"));
    QFile::link(top.filePath(QStringLiteral("one")), link);
    QDir::setCurrent(top.filePath(QStringLiteral("one")));
    const std::string path = byLink ? QFile::encodeName(link).toStdString() + "/a.lock" : "a.lock";
    StrictBackend holder({.path = path});
    StrictBackend waiter({.path = path});
    QCOMPARE(holder.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(waiter.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QDir::setCurrent(top.filePath(QStringLiteral("two")));
    QFile::remove(link);
    QFile::link(top.filePath(QStringLiteral("two")), link);
    QCOMPARE(waiter.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(holder.inspect(), LossReason::None);
    QVERIFY(!holder.release());
    QCOMPARE(waiter.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    const QDir claims(top.filePath(QStringLiteral("one/a.lock.filelock/claims")));
    QCOMPARE(claims.entryList(QDir::Files).size(), 2);
    QVERIFY(!waiter.release());
    QCOMPARE(claims.entryList(QDir::Files).size(), 0);
    QVERIFY(QDir(top.filePath(QStringLiteral("two"))).isEmpty());
    QCOMPARE(waiter.attempt(LockMode::Exclusive).answer, Attempt::Acquired); // the next one goes where it leads now
    QVERIFY(!QDir(top.filePath(QStringLiteral("two"))).isEmpty());
}

// Whoever waits must not go on with claims that newcomers do not see.
void tst_StrictBackend::followsAReplacedDirectory()
{
    const StrictFiles files;
    const auto holder = files.backend();
    const auto waiter = files.backend();
    QCOMPARE(holder->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(waiter->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QVERIFY(QDir().rename(files.path() + QStringLiteral(".filelock"), files.beside(QStringLiteral("aside"))));
    const auto newcomer = files.backend();
    QCOMPARE(newcomer->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QVERIFY(!holder->release()); // where its claims are
    QCOMPARE(QDir(files.beside(QStringLiteral("aside/claims"))).entryList(QDir::Files).size(), 0);
    QCOMPARE(waiter->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QVERIFY(!newcomer->release());
    QCOMPARE(waiter->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_StrictBackend::isLostWhenItsHeldClaimGoes_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<LossReason>("reason");
    QTest::newRow("its held claim removed") << QStringLiteral("held") << LossReason::MarkerMissing;
    QTest::newRow("both removed") << QStringLiteral("both") << LossReason::MarkerMissing;
    QTest::newRow("replaced") << QStringLiteral("replace") << LossReason::OwnerChanged;
    QTest::newRow("only its intent removed: it still holds by the other")
        << QStringLiteral("intent") << LossReason::None;
    QTest::newRow("nothing") << QString() << LossReason::None;
}

void tst_StrictBackend::isLostWhenItsHeldClaimGoes()
{
    QFETCH(QString, what);
    QFETCH(LossReason, reason);
    const StrictFiles files;
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    const QString held = files.names().first();
    const QString intent = files.names().last();
    if (what == QLatin1String("held") || what == QLatin1String("both") || what == QLatin1String("replace"))
        QVERIFY(!breakClaim(files.encoded(), held).isSet());
    if (what == QLatin1String("intent") || what == QLatin1String("both"))
        QVERIFY(!breakClaim(files.encoded(), intent).isSet());
    if (what == QLatin1String("replace"))
        write(files.claim(held), "another file");
    QCOMPARE(backend->inspect(), reason);
    backend->drop();
    QCOMPARE(files.names(), what == QLatin1String("replace") ? QStringList{held} : QStringList());
}

void tst_StrictBackend::leavesWhatIsNotItsOwn() // N8: a broken holder releases cleanly
{
    const StrictFiles files;
    const auto first = files.backend();
    const auto second = files.backend();
    QCOMPARE(first->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    for (const QString &name : files.names())
        QVERIFY(!breakClaim(files.encoded(), name).isSet());
    QCOMPARE(second->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    const QStringList names = files.names();
    QVERIFY(!first->release());
    QCOMPARE(files.names(), names);
    QCOMPARE(second->inspect(), LossReason::None);
}

void tst_StrictBackend::aNameThatIsNoNameIsRefused()
{
    const QTemporaryDir top;
    for (const char *name : {"/sub/", "/sub/..", "/."}) {
        StrictBackend backend({.path = QFile::encodeName(top.path()).toStdString() + name});
        const Attempt attempt = backend.attempt(LockMode::Exclusive);
        QCOMPARE(attempt.answer, Attempt::Failed);
        QCOMPARE(attempt.failure.error, LockError::NotAFile);
    }
    QVERIFY(QDir(top.path()).isEmpty());
}

QTEST_GUILESS_MAIN(tst_StrictBackend)
#include "tst_strictbackend.moc"
