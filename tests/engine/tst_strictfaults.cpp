// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "engine/publish.h"
#include "engine/strictclaims.h"
#include "strictfiles.h"

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

Q_DECLARE_METATYPE(Holdfast::LockError)

/** System calls that fail in the middle: what is left behind then, and what is said. Labels as in the specification. */
class tst_StrictFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFilesystemWithoutLinksIsRefused_data();
    void aFilesystemWithoutLinksIsRefused();
    void everyFaultIsToldAndLeavesNothing_data();
    void everyFaultIsToldAndLeavesNothing();
    void aReleaseThatFailsStillHolds_data();
    void aReleaseThatFailsStillHolds();
    void aBackOffThatFailsIsMadeUpFor();
    void aDropThatFailsIsMadeUpFor();
    void goneBetweenTwoLooksMeansBusy_data();
    void goneBetweenTwoLooksMeansBusy();
    void aPausedPublisherIsInNobodysWay();
    void aPublisherWhoseFileWasRemovedBeginsAgain();
    void anExistingNameIsBelievedToBeOursIfItIs();
};

void tst_StrictFaults::aFilesystemWithoutLinksIsRefused_data() // N7
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("link"); // 1: of the sentinel, 2: of the intent, 3: of the held claim
    for (const auto &[name, code] :
         {std::pair("EXDEV", EXDEV), {"ENOSYS", ENOSYS}, {"ENOTSUP", ENOTSUP}, {"EPERM", EPERM}}) {
        for (int link = 1; link <= 3; ++link)
            QTest::addRow("%s at link %d", name, link) << code << link;
    }
}

void tst_StrictFaults::aFilesystemWithoutLinksIsRefused()
{
    QFETCH(int, code);
    QFETCH(int, link);
    const StrictFiles files;
    const auto backend = files.backend();
    Faults faults;
    faults.fail(Call::Linkat, code, link);
    const Attempt attempt = backend->attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, Attempt::Failed);
    QCOMPARE(attempt.failure.error, LockError::Unsupported);
    QVERIFY2(attempt.failure.text.contains(QStringLiteral("hard links")), qPrintable(attempt.failure.text));
    QCOMPARE(files.names(), QStringList());
    QCOMPARE(QDir(files.beside(QString())).entryList(QDir::Files | QDir::Hidden).size(), link == 1 ? 0 : 1);
}

void tst_StrictFaults::everyFaultIsToldAndLeavesNothing_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("code");
    QTest::newRow("openat EIO") << int(Call::Openat) << EIO;
    QTest::newRow("openat EACCES") << int(Call::Openat) << EACCES;
    QTest::newRow("openat EMFILE") << int(Call::Openat) << EMFILE;
    QTest::newRow("openat ENOENT") << int(Call::Openat) << ENOENT;
    QTest::newRow("lstat EIO") << int(Call::Fstatat) << EIO;
    QTest::newRow("lstat ESTALE") << int(Call::Fstatat) << ESTALE;
    QTest::newRow("lstat ENOENT") << int(Call::Fstatat) << ENOENT;
    QTest::newRow("fstat EIO") << int(Call::Fstat) << EIO;
    QTest::newRow("read EIO") << int(Call::Pread) << EIO;
    QTest::newRow("read ESTALE") << int(Call::Pread) << ESTALE;
    QTest::newRow("mkdir ENOSPC") << int(Call::Mkdirat) << ENOSPC;
    QTest::newRow("link EIO") << int(Call::Linkat) << EIO;
    QTest::newRow("link EEXIST") << int(Call::Linkat) << EEXIST;
    QTest::newRow("link ENOENT") << int(Call::Linkat) << ENOENT;
    QTest::newRow("write ENOSPC") << int(Call::Write) << ENOSPC;
    QTest::newRow("list EIO") << int(Call::Readdir) << EIO;
    QTest::newRow("opendir EIO") << int(Call::Fdopendir) << EIO;
    QTest::newRow("unlink EIO") << int(Call::Unlinkat) << EIO;
}

// Each call of its kind fails once. Whatever the answer is then: with the lock there are two claims, without it none.
void tst_StrictFaults::everyFaultIsToldAndLeavesNothing()
{
    QFETCH(int, call);
    QFETCH(int, code);
    int failures = 0;
    for (int number = 1; number <= 60; ++number) {
        const StrictFiles files;
        auto backend = files.backend();
        auto faults = std::make_unique<Faults>();
        faults->fail(Call(call), code, number);
        const Attempt attempt = backend->attempt(LockMode::Exclusive);
        const bool happened = faults->count(Call(call)) >= number;
        faults.reset();
        failures += attempt.answer == Attempt::Failed ? 1 : 0;
        const QString where = QStringLiteral("call %1: %2 %3 %4")
                                  .arg(number)
                                  .arg(attempt.answer)
                                  .arg(attempt.failure.text, files.names().join(u' '));
        QVERIFY2(attempt.answer != Attempt::Failed || attempt.failure.text.contains(files.path()), qPrintable(where));
        const QStringList claims = files.names().filter(QStringLiteral("claim"));
        if (attempt.answer == Attempt::Acquired)
            QVERIFY2(claims.filter(QRegularExpression(QStringLiteral("^(held|intent)"))).size() == 2,
                     qPrintable(where));
        backend->stopTrying();
        backend.reset();
        // What a failed unlink of a private file leaves, the next attempt removes.
        const QStringList left = files.names().filter(QRegularExpression(QStringLiteral("^[^.]")));
        QVERIFY2(left.isEmpty(), qPrintable(where + left.join(u' ')));
        QVERIFY2(openFiles().filter(files.path()).isEmpty(), qPrintable(where));
        if (!happened)
            break;
        QVERIFY2(number < 60, "there is no end of calls");
    }
    const bool mayBeHarmless = code == ESTALE || code == ENOENT || code == EEXIST || call == int(Call::Unlinkat);
    QVERIFY(failures > 0 || mayBeHarmless);
}

void tst_StrictFaults::aReleaseThatFailsStillHolds_data() // N14
{
    QTest::addColumn<int>("unlink");
    QTest::addColumn<int>("left");
    QTest::newRow("the held claim stays") << 1 << 2;
    QTest::newRow("the intent stays") << 2 << 1;
}

void tst_StrictFaults::aReleaseThatFailsStillHolds()
{
    QFETCH(int, unlink);
    QFETCH(int, left);
    const StrictFiles files;
    const auto backend = files.backend();
    const auto rival = files.backend();
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    {
        Faults faults;
        faults.fail(Call::Unlinkat, EIO, unlink);
        const std::optional<Failure> failure = backend->release();
        QVERIFY(failure);
        QCOMPARE(failure->error, LockError::System);
        QVERIFY(failure->text.contains(files.path()));
    }
    QCOMPARE(files.names().size(), left);
    QCOMPARE(backend->inspect(), LossReason::None); // that the other has gone was our own doing
    QCOMPARE(rival->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QVERIFY(!backend->release());
    QCOMPARE(files.names(), QStringList());
    QCOMPARE(rival->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_StrictFaults::aBackOffThatFailsIsMadeUpFor()
{
    const StrictFiles files;
    files.use();
    const auto backend = files.backend();
    Faults faults;
    // Somebody comes between the first look and the second, so the intent has to go again; that fails.
    faults.before(Call::Linkat, 1, [&] { files.addClaim(QStringLiteral("held"), StrictFiles::Token); });
    faults.fail(Call::Unlinkat, EIO, 2, 2); // the first is the private name's; the third that of stopTrying()
    Attempt attempt = backend->attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, Attempt::Failed);
    QCOMPARE(files.names().size(), 2);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("left behind")));
    backend->stopTrying();
    QCOMPARE(files.names().size(), 2);
    QVERIFY(!breakClaim(files.encoded(), files.names().first()).isSet()); // the other one's
    QCOMPARE(files.names().size(), 1);
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired); // which began with the removal
    QCOMPARE(files.names().size(), 2);
}

void tst_StrictFaults::aDropThatFailsIsMadeUpFor()
{
    const StrictFiles files;
    auto backend = files.backend();
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    {
        Faults faults;
        faults.fail(Call::Unlinkat, EIO);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("left behind")));
        backend->drop(); // the lifetime is over, and the disk does not answer
    }
    QCOMPARE(files.names().size(), 2);
    backend.reset();
    QCOMPARE(files.names(), QStringList());
}

void tst_StrictFaults::goneBetweenTwoLooksMeansBusy_data() // N11
{
    QTest::addColumn<QStringList>("gone");
    QTest::addColumn<int>("link"); // after which somebody removes: 1 the intent, 2 the held claim
    QTest::newRow("the intent, before the second look") << QStringList{QStringLiteral("intent")} << 1;
    QTest::newRow("the intent, before the third look") << QStringList{QStringLiteral("intent")} << 2;
    QTest::newRow("the held claim, before the third look") << QStringList{QStringLiteral("held")} << 2;
    QTest::newRow("both, before the third look") << QStringList{QStringLiteral("held"), QStringLiteral("intent")} << 2;
}

void tst_StrictFaults::goneBetweenTwoLooksMeansBusy()
{
    QFETCH(QStringList, gone);
    QFETCH(int, link);
    const StrictFiles files;
    files.use();
    const auto backend = files.backend();
    Faults faults;
    faults.after(Call::Linkat, link, [&] {
        for (const QString &name : files.names()) {
            if (!name.startsWith(u'.') && gone.contains(name.section(u'-', 0, 0)))
                QFile::remove(files.claim(name));
        }
    });
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(files.names(), QStringList());
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_StrictFaults::aPausedPublisherIsInNobodysWay() // N10
{
    const StrictFiles files;
    files.use();
    const auto slow = files.backend();
    const auto other = files.backend();
    Faults faults;
    faults.shorten(Call::Write, 7, 1, 1);
    faults.after(Call::Write, 1, [&] { // half a record is there
        QCOMPARE(files.names().size(), 1);
        QCOMPARE(other->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
        QVERIFY(!other->release());
        QCOMPARE(files.names().size(), 1);
    });
    QCOMPARE(slow->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(strictClaims(files.encoded()).claims.size(), std::size_t(2));
}

void tst_StrictFaults::aPublisherWhoseFileWasRemovedBeginsAgain() // N12
{
    const StrictFiles files;
    files.use();
    const auto slow = files.backend();
    Faults faults;
    faults.before(Call::Linkat, 1, [&] { QFile::remove(files.claim(files.names().first())); });
    const Attempt attempt = slow->attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, Attempt::Busy);
    QVERIFY(attempt.retryIn.count() > 0);
    QCOMPARE(slow->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

// NFS: the link was made, its answer got lost, the second try says that the name exists.
void tst_StrictFaults::anExistingNameIsBelievedToBeOursIfItIs()
{
    const QTemporaryDir top;
    os::Result<os::Directory> directory = os::Directory::open(QFile::encodeName(top.path()).toStdString());
    QVERIFY(directory);
    Faults faults;
    faults.before(Call::Linkat, 1, [&] {
        const QStringList names = QDir(top.path()).entryList(QDir::Files | QDir::Hidden);
        ::link(QFile::encodeName(top.filePath(names.first())).constData(),
               QFile::encodeName(top.filePath(QStringLiteral("name"))).constData());
    });
    os::MarkerFile file;
    os::Result<bool> published = publish(*directory, "name", "text", std::nullopt, file);
    QVERIFY(published && *published);
    os::MarkerFile second;
    os::Result<bool> refused = publish(*directory, "name", "other", std::nullopt, second);
    QVERIFY(refused && !*refused);
    QCOMPARE(read(top.filePath(QStringLiteral("name"))), QByteArray("text"));
    QCOMPARE(QDir(top.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

QTEST_GUILESS_MAIN(tst_StrictFaults)
#include "tst_strictfaults.moc"
