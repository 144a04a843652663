// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Whatever else of this library is set upon the file of a SQLite lock in the same process, it opens and closes nothing that would
// cost SQLite its locks.

#include "lockkinds.h"
#include "otherprocess.h"

#include <holdfast/abstractlock.h>
#include <holdfast/app/documentlock.h>
#include <holdfast/filelock.h>
#include <holdfast/lockinspection.h>
#include <holdfast/sql/readwritelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <functional>
#include <sys/wait.h>
#include <unistd.h>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_SqliteBeside : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void otherLocksAreRefused_data();
    void otherLocksAreRefused();
    void lookingCostsNothing_data();
    void lookingCostsNothing();
    void aLockThatWasThereBeforeEndsWithoutHarm();
    void anInheritedGuardKeepsNobodyOut();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("a.db")); }
    std::unique_ptr<OtherProcess> other(const char *kind = "sqlite-rw") const
    {
        return std::make_unique<OtherProcess>(QString::fromLatin1(kind), path());
    }
    std::unique_ptr<QTemporaryDir> m_directory;
};

namespace {

constexpr int Patience = 30000; // ms; only a hang takes that long

// Those of files in the directory only: the library's threads, which come and go, have descriptors too.
int descriptorsBelow(const QString &directory)
{
    const QString real = QDir(directory).canonicalPath();
    int count = 0;
    for (const QFileInfo &entry : QDir(QStringLiteral("/proc/self/fd")).entryInfoList(QDir::AllEntries | QDir::System))
        count += entry.symLinkTarget().startsWith(real + QLatin1Char('/')) ? 1 : 0;
    return count;
}

void lockTheDocument(const QString &path)
{
    DocumentLock lock(path);
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    lock.documentLoaded();
    lock.acquire();
    QVERIFY(acquired.wait(Patience));
    lock.checkDocument();
    QVERIFY(lock.release());
    DocumentLock::inspect(path);
}

} // namespace

void tst_SqliteBeside::otherLocksAreRefused_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<LockMode>("mode");
    for (const char *kind : {"file", "soft", "lease", "strict", "soft-rw"}) {
        QTest::addRow("%s, beside a reader", kind) << QString::fromLatin1(kind) << LockMode::Shared;
        QTest::addRow("%s, beside a writer", kind) << QString::fromLatin1(kind) << LockMode::Exclusive;
    }
}

void tst_SqliteBeside::otherLocksAreRefused()
{
    QFETCH(QString, kind);
    QFETCH(LockMode, mode);
    ReadWriteLock lock(path(), {.mode = mode});
    QVERIFY(lock.tryAcquire());
    const auto second = makeLock(kind, path());
    for (int i = 0; i < 3; ++i) {
        QVERIFY(!second->tryAcquire());
        QCOMPARE(second->error(), LockError::OtherFamily);
        QVERIFY2(second->errorString().contains(path()), qPrintable(second->errorString()));
        QVERIFY2(second->errorString().contains(QLatin1String("(ReadWriteLock)")), qPrintable(second->errorString()));
    }
    QVERIFY(lock.verifyHeld());
    QCOMPARE(other()->ask(QStringLiteral("tryWrite")), QStringLiteral("busy"));
}

void tst_SqliteBeside::lookingCostsNothing_data()
{
    using Look = std::function<void(const QString &path)>;
    QTest::addColumn<Look>("look");
    QTest::newRow("inspectLock()") << Look([](const QString &path) { inspectLock(path); });
    QTest::newRow("a DocumentLock on it") << Look(lockTheDocument);
    for (const char *kind : {"file", "soft", "lease", "strict", "soft-rw", "sqlite-rw"}) {
        QTest::addRow("holder() of %s", kind)
            << Look([kind](const QString &path) { makeLock(QString::fromLatin1(kind), path)->holder(); });
    }
}

void tst_SqliteBeside::lookingCostsNothing()
{
    QFETCH(std::function<void(const QString &)>, look);
    ReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireWrite());
    look(path());
    const int before = descriptorsBelow(m_directory->path());
    QVERIFY(before > 0);
    for (int i = 0; i < 20; ++i)
        look(path());
    QTRY_COMPARE(descriptorsBelow(m_directory->path()), before); // nor is anything kept open
    QVERIFY(lock.verifyHeld());
    QCOMPARE(other()->ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
}

// Its descriptor stays open until it does no harm, but its lock goes at once.
void tst_SqliteBeside::aLockThatWasThereBeforeEndsWithoutHarm()
{
    const auto before = std::make_unique<FileLock>(path());
    QVERIFY(before->tryAcquire());
    {
        ReadWriteLock lock(path());
        QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
        QVERIFY(before->release());
        QVERIFY(lock.verifyHeld());
        QCOMPARE(other()->ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
        QCOMPARE(other("file")->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    }
    QTRY_COMPARE(descriptorsBelow(m_directory->path()), 0);
    QVERIFY2(before->tryAcquire(), qPrintable(before->errorString()));
}

// The child of a fork has none of the locks.
void tst_SqliteBeside::anInheritedGuardKeepsNobodyOut()
{
    ReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireRead());
    const pid_t child = fork();
    if (child == 0) {
        FileLock file(path());
        _exit(file.tryAcquire() && file.release() ? 0 : 1);
    }
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
    QVERIFY(lock.verifyHeld());
}

QTEST_GUILESS_MAIN(tst_SqliteBeside)
#include "tst_sqlitebeside.moc"
