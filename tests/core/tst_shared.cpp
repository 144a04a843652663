// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// FileLock::shared(): one object per file; and StrictSoftFileLock::shared(), which has options of its own.

#include <holdfast/filelock.h>
#include <holdfast/strictsoftfilelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_Shared : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isOneObjectPerFile();
    void isTheSameForEverySpelling();
    void aLinkAndItsTargetAreTwo();
    void countsTogether();
    void refusesOtherOptions_data();
    void refusesOtherOptions();
    void isFrozen();
    void goesWithTheLastReference();
    void isMadeOnceByManyThreads();
    void isNotTheSameAsAnOrdinaryLock();
    void badPathsAndOptionsGiveNoLock();
    void staysWithItsFileWhenTheDirectoryChanges();
    void aStrictOneIsTheSameForEverySpelling();
    void aStrictOneRefusesOtherOptions_data();
    void aStrictOneRefusesOtherOptions();
    void aStrictOneGoesWithTheLastReference();

private:
    QString path(const QString &name = QStringLiteral("a.lock")) const { return m_directory->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Shared::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

void tst_Shared::isOneObjectPerFile()
{
    const SharedFileLock a = FileLock::shared(path());
    const SharedFileLock b = FileLock::shared(path());
    const SharedFileLock c = FileLock::shared(path(QStringLiteral("c.lock")));
    QVERIFY(a && b && c);
    QCOMPARE(a.lock, b.lock);
    QVERIFY(a.lock != c.lock);
    QVERIFY(!QFile::exists(path()));
}

void tst_Shared::isTheSameForEverySpelling()
{
    QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("sub")));
    QVERIFY(QFile::link(path(QStringLiteral("sub")), path(QStringLiteral("alias"))));
    const SharedFileLock lock = FileLock::shared(path(QStringLiteral("sub/a.lock")));
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    for (const QString &spelling : {path(QStringLiteral("alias/a.lock")), path(QStringLiteral("sub/./a.lock")),
                                    path(QStringLiteral("sub//a.lock")), path(QStringLiteral("sub/../sub/a.lock")),
                                    path(QStringLiteral("alias/../sub/a.lock")), QStringLiteral("sub/a.lock"),
                                    QStringLiteral("./sub/a.lock"), QStringLiteral("alias/a.lock")}) {
        const SharedFileLock other = FileLock::shared(spelling);
        QVERIFY2(other && other.lock == lock.lock, qPrintable(spelling));
    }
    QVERIFY(QDir::setCurrent(before));
}

void tst_Shared::aLinkAndItsTargetAreTwo()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(QFile::link(path(), path(QStringLiteral("link.lock"))));
    QVERIFY(FileLock::shared(path()).lock != FileLock::shared(path(QStringLiteral("link.lock"))).lock);
}

void tst_Shared::countsTogether()
{
    const SharedFileLock a = FileLock::shared(path());
    const SharedFileLock b = FileLock::shared(path());
    QVERIFY(a->tryAcquire());
    QVERIFY(b->tryAcquire());
    QCOMPARE(a->depth(), 2);
    QVERIFY(a->release());
    QVERIFY(b->isHeld());
    QVERIFY(a->release());
    QVERIFY(!b->isHeld());
}

void tst_Shared::refusesOtherOptions_data()
{
    QTest::addColumn<FileLockOptions>("options");
    QTest::newRow("timeout") << FileLockOptions{.timeout = 5s};
    QTest::newRow("pollInterval") << FileLockOptions{.pollInterval = 5ms};
    QTest::newRow("blocking") << FileLockOptions{.blocking = false};
    QTest::newRow("lifetime") << FileLockOptions{.lifetime = 5s};
    QTest::newRow("threadScope") << FileLockOptions{.threadScope = ThreadScope::Shared};
    QTest::newRow("mode") << FileLockOptions{.mode = LockMode::Shared};
    QTest::newRow("permissions") << FileLockOptions{.permissions = QFileDevice::ReadOwner};
    QTest::newRow("contents") << FileLockOptions{.contents = FileContents::Clear};
    QTest::newRow("softFallback") << FileLockOptions{.softFallback = SoftFallback::Refused};
    QTest::newRow("preserveFile") << FileLockOptions{.preserveFile = true};
    QTest::newRow("heldHook") << FileLockOptions{
        .heldHook = std::make_shared<const HeldHook>([](qintptr) { return std::nullopt; })};
}

void tst_Shared::refusesOtherOptions()
{
    QFETCH(FileLockOptions, options);
    const SharedFileLock first = FileLock::shared(path());
    QVERIFY(first->tryAcquire());
    const SharedFileLock second = FileLock::shared(path(), options);
    QVERIFY(!second);
    QCOMPARE(second.error, LockError::InvalidArgument);
    QVERIFY2(second.errorString.contains(QLatin1String(QTest::currentDataTag())), qPrintable(second.errorString));
    QVERIFY(second.errorString.contains(path()));
    QVERIFY(first->isHeld());
    const QString elsewhere = path(QStringLiteral("elsewhere.lock"));
    const SharedFileLock third = FileLock::shared(elsewhere, options);
    QVERIFY(third);
    QCOMPARE(FileLock::shared(elsewhere, options).lock, third.lock);
}

void tst_Shared::isFrozen()
{
    const SharedFileLock lock = FileLock::shared(path());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("timeout .*a.lock.* shared")));
    QVERIFY(!lock->setTimeout(5s));
    QCOMPARE(lock->error(), LockError::Misuse);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("path .* shared")));
    QVERIFY(!lock->setPath(path(QStringLiteral("b.lock"))));
    QCOMPARE(lock->timeout(), -1ms);
    QCOMPARE(lock->path(), path());
    QVERIFY(lock->tryAcquireFor(1s, {.pollInterval = 5ms})); // per call is not the lock's own
}

void tst_Shared::goesWithTheLastReference()
{
    {
        const SharedFileLock a = FileLock::shared(path());
        const SharedFileLock b = FileLock::shared(path());
        QVERIFY(a->tryAcquire());
    }
    const SharedFileLock again = FileLock::shared(path(), {.timeout = 5s}); // other options: it is a new one
    QVERIFY(again);
    QVERIFY(!again->isHeld());
    QVERIFY(again->tryAcquire());
}

void tst_Shared::isMadeOnceByManyThreads()
{
    for (int round = 0; round < 50; ++round) {
        std::atomic<int> ready{0};
        std::vector<SharedFileLock> locks(4);
        std::vector<std::thread> threads;
        for (SharedFileLock &lock : locks) {
            threads.emplace_back([&] {
                for (++ready; ready < 4;)
                    std::this_thread::yield();
                lock = FileLock::shared(path());
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        for (const SharedFileLock &lock : locks)
            QVERIFY(lock && lock.lock == locks.front().lock);
    }
}

void tst_Shared::isNotTheSameAsAnOrdinaryLock()
{
    const SharedFileLock shared = FileLock::shared(path());
    FileLock ordinary(path());
    QVERIFY(shared->tryAcquire());
    QVERIFY(!ordinary.tryAcquire());
    QVERIFY(!ordinary.isHeld());
}

void tst_Shared::badPathsAndOptionsGiveNoLock()
{
    const SharedFileLock empty = FileLock::shared(QString());
    QVERIFY(!empty);
    QCOMPARE(empty.error, LockError::InvalidArgument);
    const SharedFileLock senseless = FileLock::shared(path(), {.pollInterval = 0ms});
    QVERIFY(!senseless);
    QCOMPARE(senseless.error, LockError::InvalidArgument);
    QVERIFY(senseless.errorString.contains(path()));
    QVERIFY(!FileLock::shared(path(), {.timeout = -5ms, .threadScope = ThreadScope::Shared}));
    QVERIFY(FileLock::shared(path()));
}

void tst_Shared::staysWithItsFileWhenTheDirectoryChanges()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    const SharedFileLock lock = FileLock::shared(QStringLiteral("a.lock"));
    QVERIFY(QDir::setCurrent(QStringLiteral("/")));
    QVERIFY(lock->tryAcquire());
    QVERIFY(QDir::setCurrent(before));
    FileLock rival(path());
    QVERIFY(!rival.tryAcquire());
    QVERIFY(!QFile::exists(QStringLiteral("/a.lock")));
}

void tst_Shared::aStrictOneIsTheSameForEverySpelling()
{
    QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("sub")));
    QVERIFY(QFile::link(path(QStringLiteral("sub")), path(QStringLiteral("alias"))));
    const SharedStrictSoftFileLock lock = StrictSoftFileLock::shared(path(QStringLiteral("sub/a.lock")));
    QVERIFY(lock);
    for (const char *spelling : {"sub/a.lock", "alias/a.lock", "sub/./a.lock", "sub/../sub//a.lock"})
        QCOMPARE(StrictSoftFileLock::shared(path(QLatin1String(spelling))).lock, lock.lock);
    QVERIFY(StrictSoftFileLock::shared(path()).lock != lock.lock);
    QVERIFY(lock->tryAcquire());
    QVERIFY(StrictSoftFileLock::shared(path(QStringLiteral("alias/a.lock")))->isHeld());
    QCOMPARE(StrictSoftFileLock::shared(QString()).error, LockError::InvalidArgument);
}

void tst_Shared::aStrictOneRefusesOtherOptions_data()
{
    QTest::addColumn<StrictSoftFileLockOptions>("options");
    QTest::newRow("timeout") << StrictSoftFileLockOptions{.timeout = 5s};
    QTest::newRow("pollInterval") << StrictSoftFileLockOptions{.pollInterval = 5ms};
    QTest::newRow("blocking") << StrictSoftFileLockOptions{.blocking = false};
    QTest::newRow("lifetime") << StrictSoftFileLockOptions{.lifetime = 5s};
    QTest::newRow("threadScope") << StrictSoftFileLockOptions{.threadScope = ThreadScope::Shared};
    QTest::newRow("permissions") << StrictSoftFileLockOptions{.permissions = QFileDevice::ReadOwner};
}

void tst_Shared::aStrictOneRefusesOtherOptions()
{
    QFETCH(StrictSoftFileLockOptions, options);
    const SharedStrictSoftFileLock first = StrictSoftFileLock::shared(path());
    const SharedStrictSoftFileLock second = StrictSoftFileLock::shared(path(), options);
    QVERIFY(!second);
    QCOMPARE(second.error, LockError::InvalidArgument);
    QVERIFY2(second.errorString.contains(QLatin1String(QTest::currentDataTag())), qPrintable(second.errorString));
    QVERIFY(second.errorString.contains(path()));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("permissions .*a.lock.* shared")));
    QVERIFY(!first->setPermissions(QFileDevice::ReadOwner)); // frozen
    QCOMPARE(first->error(), LockError::Misuse);
    const QString elsewhere = path(QStringLiteral("elsewhere.lock"));
    const SharedStrictSoftFileLock third = StrictSoftFileLock::shared(elsewhere, options);
    QVERIFY(third);
    QCOMPARE(StrictSoftFileLock::shared(elsewhere, options).lock, third.lock);
}

void tst_Shared::aStrictOneGoesWithTheLastReference()
{
    {
        const SharedStrictSoftFileLock lock = StrictSoftFileLock::shared(path());
        QVERIFY(lock->tryAcquire());
    }
    const SharedStrictSoftFileLock again =
        StrictSoftFileLock::shared(path(), {.timeout = 5s}); // other options: a new one
    QVERIFY(again && !again->isHeld());
    QVERIFY(again->tryAcquire());
}

QTEST_GUILESS_MAIN(tst_Shared)
#include "tst_shared.moc"
