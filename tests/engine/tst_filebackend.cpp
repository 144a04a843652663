// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "../os/files.h"
#include "engine/filebackend.h"

#include <QtTest/qtest.h>

#include <cstdio>
#include <optional>
#include <stdexcept>

using namespace Holdfast;
using namespace Holdfast::Testing;

/** The protocol on the file, with the other process played between two system calls. */
class tst_FileBackend : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void doesNotBelieveALockOnAReplacedFile_data();
    void doesNotBelieveALockOnAReplacedFile();
    void notesWhileBusyThatTheFileWasReplaced();
    void believesABriefLookNoMore_data();
    void believesABriefLookNoMore();
    void callsAFileThatIsReplacedForEverBusy();
    void retriesAFileThatVanishesWhileItIsOpened();
    void touchesNothingBeforeItHolds();
    void preparesInOrder();
    void givesBackWhenTheHookRefuses_data();
    void givesBackWhenTheHookRefuses();
    void knowsWhetherItsFileIsStillTheOne();
    void keepsOneDescriptorForAWholeWait();
    void keepsItsPlaceWhenTheDirectoryChanges();

private:
    FileBackendOptions options() const { return {.path = QFile::encodeName(m_path).toStdString()}; }
    void replace() const
    {
        write(m_path + QStringLiteral(".new"), {});
        std::rename(QFile::encodeName(m_path + QStringLiteral(".new")).constData(),
                    QFile::encodeName(m_path).constData());
    }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_FileBackend::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file.lock"));
}

void tst_FileBackend::doesNotBelieveALockOnAReplacedFile_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("removed") << QStringLiteral("remove");
    QTest::newRow("replaced by rename") << QStringLiteral("replace");
    QTest::newRow("renamed away") << QStringLiteral("rename");
}

//   P.1 opens the file (inode 1)          Q holds inode 1
//   Q.1 removes or replaces it, lets go
//   P.2 locks inode 1: granted, but R, who comes now, creates and locks inode 2
void tst_FileBackend::doesNotBelieveALockOnAReplacedFile()
{
    QFETCH(QString, how);
    ForeignLock q(m_path);
    std::optional<ForeignLock> r;
    Faults faults;
    faults.after(Call::Open, 1, [&] { // P.1
        if (how == QLatin1String("remove"))
            QFile::remove(m_path);
        else if (how == QLatin1String("replace"))
            replace();
        else
            QFile::rename(m_path, m_path + QStringLiteral(".old"));
        q.release(); // Q.1
    });
    faults.after(Call::Flock, 1, [&] { r.emplace(m_path); }); // P.2
    FileBackend p(options());
    QVERIFY2(p.attempt(LockMode::Exclusive).answer == Attempt::Busy, "R has it");
    QVERIFY(r && r->isHeld());
    r.reset();
    QVERIFY(p.attempt(LockMode::Exclusive).answer == Attempt::Acquired);
    QVERIFY(!isFree(m_path));
    QVERIFY(!p.release());
    QCOMPARE(timesOpen(m_directory->path()), 0);
}

//   P.1 waits for Q on inode 1
//   Q.1 removes the file, but keeps inode 1 locked; inode 2 is free
void tst_FileBackend::notesWhileBusyThatTheFileWasReplaced()
{
    const ForeignLock q(m_path);
    FileBackend p(options());
    QVERIFY(p.attempt(LockMode::Exclusive).answer == Attempt::Busy); // P.1
    const os::FileIdentity first = p.identity();
    QVERIFY(QFile::remove(m_path)); // Q.1
    QVERIFY(p.attempt(LockMode::Exclusive).answer == Attempt::Acquired);
    QVERIFY(p.identity().isValid());
    QVERIFY(p.identity() != first);
    QVERIFY(p.inspect() == LossReason::None);
    QVERIFY(!isFree(m_path));
}

void tst_FileBackend::believesABriefLookNoMore_data()
{
    doesNotBelieveALockOnAReplacedFile_data();
}

//   P.1 waits for Q on inode 1      Q.1 removes or replaces the file, lets go      P.2 looks briefly: inode 1 is free
void tst_FileBackend::believesABriefLookNoMore()
{
    QFETCH(QString, how);
    ForeignLock q(m_path);
    FileBackend p(options());
    QVERIFY(p.attemptBriefly(LockMode::Exclusive).answer == Attempt::Busy); // P.1
    QVERIFY(p.attemptBriefly(LockMode::Exclusive).answer == Attempt::Busy);
    if (how == QLatin1String("remove"))
        QVERIFY(QFile::remove(m_path));
    else if (how == QLatin1String("replace"))
        replace();
    else
        QVERIFY(QFile::rename(m_path, m_path + QStringLiteral(".old")));
    const ForeignLock r(m_path); // holds the new one
    q.release();                 // Q.1
    QVERIFY(r.isHeld());
    QVERIFY(p.attemptBriefly(LockMode::Exclusive).answer == Attempt::Busy); // P.2
}

void tst_FileBackend::callsAFileThatIsReplacedForEverBusy()
{
    Faults faults;
    for (int i = 1; i <= 100; ++i)
        faults.after(Call::Flock, i, [this] { replace(); });
    FileBackend p(options());
    QVERIFY(p.attempt(LockMode::Exclusive).answer == Attempt::Busy);
    QVERIFY(faults.count(Call::Open) < 50); // it gave up in good time
    p.stopTrying();
    QCOMPARE(timesOpen(m_directory->path()), 0);
}

void tst_FileBackend::retriesAFileThatVanishesWhileItIsOpened()
{
    Faults faults;
    faults.fail(Call::Open, ENOENT);
    FileBackend p(options());
    QVERIFY(p.attempt(LockMode::Exclusive).answer == Attempt::Acquired);
    QVERIFY(!p.release());
    faults.fail(Call::Open, ENOENT, 1, ForEver);
    const Attempt hopeless = p.attempt(LockMode::Exclusive);
    QVERIFY2(hopeless.answer == Attempt::Failed, "nobody holds it: that is an error, not contention");
    QCOMPARE(hopeless.failure.error, LockError::NotFound);
}

void tst_FileBackend::touchesNothingBeforeItHolds()
{
    write(m_path, "the holder's");
    QVERIFY(QFile::setPermissions(m_path, QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    const auto before = QFile::permissions(m_path);
    const ForeignLock q(m_path);
    Faults faults;
    FileBackendOptions wanted = options();
    wanted.permissions = 0644;
    wanted.clear = true;
    bool hooked = false;
    wanted.heldHook = [&](std::intptr_t) {
        hooked = true;
        return std::optional<QString>();
    };
    FileBackend p(wanted);
    QVERIFY(p.attempt(LockMode::Exclusive).answer == Attempt::Busy);
    QVERIFY(p.attempt(LockMode::Exclusive).answer == Attempt::Busy);
    QCOMPARE(read(m_path), QByteArray("the holder's"));
    QCOMPARE(QFile::permissions(m_path), before);
    QCOMPARE(faults.count(Call::Fchmod) + faults.count(Call::Ftruncate), 0);
    QVERIFY(!hooked);
}

void tst_FileBackend::preparesInOrder()
{
    write(m_path, "stale");
    QStringList order;
    Faults faults;
    faults.after(Call::Flock, 1, [&] { order += QStringLiteral("lock"); });
    faults.after(Call::Fchmod, 1, [&] { order += QStringLiteral("permissions"); });
    faults.after(Call::Ftruncate, 1, [&] { order += QStringLiteral("clear"); });
    FileBackendOptions wanted = options();
    wanted.permissions = 0666;
    wanted.clear = true;
    wanted.heldHook = [&](std::intptr_t descriptor) {
        order += QStringLiteral("hook");
        if (::write(static_cast<int>(descriptor), "mine", 4) != 4)
            return std::optional(QStringLiteral("cannot write"));
        return std::optional<QString>();
    };
    FileBackend p(wanted);
    QVERIFY(p.attempt(LockMode::Exclusive).answer == Attempt::Acquired);
    QCOMPARE(order, QStringList({QStringLiteral("lock"), QStringLiteral("permissions"), QStringLiteral("clear"),
                                 QStringLiteral("hook")}));
    QCOMPARE(read(m_path), QByteArray("mine"));
    FileBackend q(options());
    QVERIFY(q.attempt(LockMode::Exclusive).answer == Attempt::Busy);
    QCOMPARE(read(m_path), QByteArray("mine")); // contention does not touch what the hook wrote
    QCOMPARE(faults.count(Call::Fchmod), 1);
}

void tst_FileBackend::givesBackWhenTheHookRefuses_data()
{
    QTest::addColumn<int>("how");
    QTest::addColumn<QString>("text");
    QTest::newRow("by a text") << 0 << QStringLiteral("not today");
    QTest::newRow("by an exception") << 1 << QStringLiteral("thrown");
    QTest::newRow("by throwing something else") << 2 << QStringLiteral("unknown");
}

void tst_FileBackend::givesBackWhenTheHookRefuses()
{
    QFETCH(int, how);
    QFETCH(QString, text);
    FileBackendOptions wanted = options();
    wanted.heldHook = [how](std::intptr_t) -> std::optional<QString> {
        if (how == 1)
            throw std::runtime_error("thrown");
        if (how == 2)
            throw 42;
        return QStringLiteral("not today");
    };
    FileBackend p(wanted);
    const Attempt attempt = p.attempt(LockMode::Exclusive);
    QVERIFY(attempt.answer == Attempt::Failed);
    QCOMPARE(attempt.failure.error, LockError::CallbackFailed);
    QVERIFY2(attempt.failure.text.contains(text), qPrintable(attempt.failure.text));
    QVERIFY(isFree(m_path));
    QCOMPARE(timesOpen(m_path), 0);
}

void tst_FileBackend::knowsWhetherItsFileIsStillTheOne()
{
    FileBackend p(options());
    QVERIFY(p.attempt(LockMode::Exclusive).answer == Attempt::Acquired);
    QVERIFY(p.inspect() == LossReason::None);
    {
        Faults faults;
        faults.fail(Call::Lstat, EIO);
        QVERIFY2(p.inspect() == LossReason::None, "what cannot be asked is not lost");
    }
    replace();
    QVERIFY(p.inspect() == LossReason::Replaced);
    QVERIFY(QFile::remove(m_path));
    QVERIFY(p.inspect() == LossReason::Replaced);
}

// Each open and close would wake all the others who wait.
void tst_FileBackend::keepsOneDescriptorForAWholeWait()
{
    const ForeignLock q(m_path);
    Faults faults;
    FileBackend p(options());
    for (int i = 0; i < 10; ++i)
        QVERIFY(p.attempt(LockMode::Exclusive).answer == Attempt::Busy);
    QCOMPARE(faults.count(Call::Open), 1);
    QCOMPARE(faults.count(Call::Close), 0);
    p.stopTrying();
    QCOMPARE(faults.count(Call::Close), 1);
    QCOMPARE(timesOpen(m_path), 1); // Q's
}

void tst_FileBackend::keepsItsPlaceWhenTheDirectoryChanges()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    FileBackend p({.path = "file.lock"});
    const bool acquired = p.attempt(LockMode::Exclusive).answer == Attempt::Acquired;
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(acquired);
    QVERIFY(p.inspect() == LossReason::None);
    QVERIFY(!isFree(m_path));
    QVERIFY(!p.release());
    QVERIFY(isFree(m_path));
}

QTEST_GUILESS_MAIN(tst_FileBackend)
#include "tst_filebackend.moc"
