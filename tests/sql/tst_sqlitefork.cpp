// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// In the child of a fork, SQLite still believes to hold what the parent holds.

#include "otherprocess.h"

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <sys/wait.h>
#include <unistd.h>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

/** What @p work gives, done in a child. */
int inAChild(const std::function<int()> &work)
{
    const pid_t child = fork();
    if (child == 0)
        _exit(work());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

class tst_SqliteFork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void whatTheParentHeldIsRefusedInTheChild_data();
    void whatTheParentHeldIsRefusedInTheChild();
    void theChildMayLockWhatTheParentHasLetGo();
    void theChildMayLockAnotherFile();
    void theChildLeavesTheParentsLockAlone();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("a.db")); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_SqliteFork::whatTheParentHeldIsRefusedInTheChild_data()
{
    QTest::addColumn<LockMode>("mode");
    QTest::newRow("reading") << LockMode::Shared;
    QTest::newRow("writing") << LockMode::Exclusive;
}

// Without that, SQLite would grant the child a lock for reading that the system knows nothing of.
void tst_SqliteFork::whatTheParentHeldIsRefusedInTheChild()
{
    QFETCH(LockMode, mode);
    ReadWriteLock lock(path(), {.mode = mode});
    QVERIFY(lock.tryAcquire());
    const int answer = inAChild([this] {
        ReadWriteLock own(path());
        const bool refused = !own.tryAcquireRead() && own.error() == LockError::Inherited
                             && own.errorString().contains(path()) && !own.tryAcquireWrite();
        return refused ? 0 : 1;
    });
    QCOMPARE(answer, 0);
}

void tst_SqliteFork::theChildMayLockWhatTheParentHasLetGo()
{
    ReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireRead());
    QVERIFY(lock.release()); // the connection stays open
    const QString file = path();
    const int answer = inAChild([file] {
        ReadWriteLock own(file);
        if (!own.tryAcquireWrite())
            return 1;
        OtherProcess other(QStringLiteral("sqlite-rw"), file);
        return other.ask(QStringLiteral("tryRead")) == QLatin1String("busy") ? 0 : 2;
    });
    QCOMPARE(answer, 0);
    QVERIFY(lock.tryAcquireWrite());
}

void tst_SqliteFork::theChildMayLockAnotherFile()
{
    ReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireWrite());
    const QString other = m_directory->filePath(QStringLiteral("b.db"));
    QCOMPARE(inAChild([other] { return ReadWriteLock(other).tryAcquireWrite() ? 0 : 1; }), 0);
}

void tst_SqliteFork::theChildLeavesTheParentsLockAlone()
{
    auto lock = std::make_unique<ReadWriteLock>(path());
    QVERIFY(lock->tryAcquireWrite());
    OtherProcess other(QStringLiteral("sqlite-rw"), path());
    const int answer = inAChild([&lock] {
        const bool inert = !lock->isHeld() && !lock->release() && !lock->tryAcquireWrite();
        lock.reset();
        return inert ? 0 : 1;
    });
    QCOMPARE(answer, 0);
    QVERIFY(lock->verifyHeld());
    QCOMPARE(other.ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
    QVERIFY(lock->release());
    QCOMPARE(other.ask(QStringLiteral("tryRead")), QStringLiteral("acquired"));
}

QTEST_GUILESS_MAIN(tst_SqliteFork)
#include "tst_sqlitefork.moc"
