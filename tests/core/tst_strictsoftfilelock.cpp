// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "otherprocess.h"

#include <holdfast/softfilelock.h>
#include <holdfast/strictsoftfilelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace Holdfast;
using namespace std::chrono_literals;

/** A strict lock as its users see it, with other processes that hold, die and are broken. */
class tst_StrictSoftFileLock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void knowsItsOptions();
    void listsClaims();
    void tellsDamage();
    void aKilledHolderBlocksUntilAPersonHasLooked();
    void aBrokenHolderIsTold();
    void aReleaseThatIsRefusedCanBeRepeated();
    void whoWaitsLooksOnlyWhenThereIsNews();
    void aSoftLockLetsItIn();
    void aBadPathIsRefused();
    void manyProcessesNeverHoldTogether();

private:
    std::unique_ptr<OtherProcess> other() const
    {
        return std::make_unique<OtherProcess>(QStringLiteral("strict"), m_path);
    }
    QString claims() const { return m_path + QStringLiteral(".filelock/claims"); }

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

namespace {

constexpr int Patience = 30000; // ms; only a hang takes that long

/** While it lives, this process is no more than an ordinary user, whose the directory is. */
class Ordinary
{
public:
    explicit Ordinary(const QString &directory)
    {
        constexpr uid_t somebody = 54321;
        if (::geteuid() == 0 && ::chown(QFile::encodeName(directory).constData(), somebody, somebody) == 0)
            m_changed = ::seteuid(somebody) == 0;
        if (::geteuid() == 0)
            QTest::qFail("root cannot become somebody else", __FILE__, __LINE__);
    }
    ~Ordinary()
    {
        if (m_changed && ::seteuid(0) != 0)
            QTest::qFail("cannot become root again", __FILE__, __LINE__);
    }
    Ordinary(const Ordinary &) = delete;
    Ordinary &operator=(const Ordinary &) = delete;

private:
    bool m_changed = false;
};

} // namespace

void tst_StrictSoftFileLock::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("a.lock"));
}

void tst_StrictSoftFileLock::knowsItsOptions()
{
    StrictSoftFileLock lock(m_path, {.timeout = 5s,
                                     .pollInterval = 20ms,
                                     .blocking = false,
                                     .lifetime = 1h,
                                     .threadScope = ThreadScope::Shared,
                                     .permissions = QFileDevice::ReadOwner});
    QCOMPARE(lock.path(), m_path);
    QCOMPARE(lock.timeout(), 5s);
    QCOMPARE(lock.pollInterval(), 20ms);
    QCOMPARE(lock.isBlocking(), false);
    QCOMPARE(lock.lifetime(), 1h);
    QCOMPARE(lock.threadScope(), ThreadScope::Shared);
    QCOMPARE(lock.permissions(), QFileDevice::ReadOwner);
    QSignalSpy path(&lock, &StrictSoftFileLock::pathChanged);
    QSignalSpy permissions(&lock, &StrictSoftFileLock::permissionsChanged);
    QVERIFY(lock.setPath(m_path) && lock.setPermissions(QFileDevice::ReadOwner));
    QCOMPARE(path.size() + permissions.size(), 0);
    QVERIFY(lock.setPath(m_path + QStringLiteral("2")) && lock.setPermissions({}));
    QCOMPARE(path.size(), 1);
    QCOMPARE(permissions.size(), 1);
    QVERIFY(lock.tryAcquire());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("path .* cannot be changed")));
    QVERIFY(!lock.setPath(m_path));
    QVERIFY(!lock.tryAcquireFor(1s, {.mode = LockMode::Shared})); // it knows one mode only
    QCOMPARE(lock.error(), LockError::InvalidArgument);
}

void tst_StrictSoftFileLock::listsClaims()
{
    StrictSoftFileLock lock(m_path);
    QCOMPARE(lock.claims(), QList<LockClaim>());
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(!lock.forceBreak(QStringLiteral("held-v1-00000000000000000000000000000000.claim")));
    QCOMPARE(lock.error(), LockError::NotFound);
    QVERIFY(QDir(m_directory->path()).isEmpty()); // it only looked
    const auto holder = other();
    QCOMPARE(holder->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const QList<LockClaim> list = lock.claims();
    QCOMPARE(lock.error(), LockError::None);
    QCOMPARE(list.size(), 2);
    QCOMPARE(list.first().state, ClaimState::Held);
    QCOMPARE(list.last().state, ClaimState::Intent);
    for (const LockClaim &claim : list) {
        QVERIFY(QFile::exists(claims() + u'/' + claim.name));
        QVERIFY(claim.name.contains(claim.token));
        QCOMPARE(claim.token, list.first().token);
        QCOMPARE(claim.owner.processId, holder->processId());
        QCOMPARE(claim.owner.application, QStringLiteral("lockprocess"));
        QCOMPARE(claim.owner.liveness, Liveness::Alive);
        QVERIFY(claim.owner.since.secsTo(QDateTime::currentDateTime()) < 60);
    }
    QCOMPARE(lock.holder(), list.first().owner);
    QCOMPARE(holder->ask(QStringLiteral("release")), QStringLiteral("released"));
    QCOMPARE(lock.claims(), QList<LockClaim>());
    QVERIFY(!lock.holder().isValid());
}

void tst_StrictSoftFileLock::tellsDamage()
{
    StrictSoftFileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.release());
    QFile stray(claims() + QStringLiteral("/notes.txt"));
    QVERIFY(stray.open(QIODevice::WriteOnly));
    QCOMPARE(lock.claims(), QList<LockClaim>());
    QCOMPARE(lock.error(), LockError::Damaged);
    QSignalSpy failed(&lock, &AbstractLock::errorOccurred);
    lock.acquire(); // for ever, but damage does not heal by waiting
    QVERIFY(failed.wait(Patience));
    QCOMPARE(lock.error(), LockError::Damaged);
    QVERIFY(lock.errorString().contains(m_path) && lock.errorString().contains(QStringLiteral("notes.txt")));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("by force: .*notes.txt")));
    QVERIFY(lock.forceBreak(QStringLiteral("notes.txt")));
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(lock.tryAcquire());
}

void tst_StrictSoftFileLock::aKilledHolderBlocksUntilAPersonHasLooked() // N13
{
    StrictSoftFileLock lock(m_path);
    const auto holder = other();
    QCOMPARE(holder->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QSignalSpy acquired(&lock, &AbstractLock::acquired);
    lock.setPollInterval(1h);
    lock.acquire();
    holder->kill();
    QVERIFY(!acquired.wait(100));
    const QList<LockClaim> list = lock.claims();
    QCOMPARE(list.size(), 2);
    QCOMPARE(list.first().owner.liveness, Liveness::Dead);
    for (const LockClaim &claim : list) {
        QCOMPARE(acquired.size(), 0);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("by force")));
        QVERIFY(lock.forceBreak(claim.name));
    }
    QVERIFY(acquired.size() == 1 || acquired.wait(Patience)); // who waits is woken by that
    QVERIFY(lock.release());
}

void tst_StrictSoftFileLock::aBrokenHolderIsTold() // N8
{
    const auto holder = other();
    QCOMPARE(holder->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    StrictSoftFileLock lock(m_path);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("by force")));
    QVERIFY(lock.forceBreak(lock.claims().first().name));
    QCOMPARE(holder->hear(), QStringLiteral("lost %1").arg(int(LossReason::MarkerMissing)));
    QVERIFY(lock.tryAcquireFor(30s)); // it has taken its intent away, too
    QVERIFY(holder->ask(QStringLiteral("release")).startsWith(QLatin1String("failed")));
    QVERIFY(lock.isHeld());
    QCOMPARE(lock.claims().size(), 2);
    QCOMPARE(holder->ask(QStringLiteral("try")), QStringLiteral("busy"));
}

void tst_StrictSoftFileLock::aReleaseThatIsRefusedCanBeRepeated() // N14
{
    const Ordinary user(m_directory->path()); // nothing is refused to root
    StrictSoftFileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::setPermissions(claims(), QFileDevice::ReadOwner | QFileDevice::ExeOwner));
    QVERIFY(!lock.release());
    QCOMPARE(lock.error(), LockError::PermissionDenied);
    QVERIFY(lock.isHeld());
    QVERIFY(QFile::setPermissions(claims(), QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner));
    QVERIFY(lock.release());
}

// Reading claims must not wake those who watch them: they would wake us.
void tst_StrictSoftFileLock::whoWaitsLooksOnlyWhenThereIsNews()
{
    const auto holder = other();
    QCOMPARE(holder->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    std::vector<std::unique_ptr<StrictSoftFileLock>> waiters;
    int looks = 0;
    QSignalSpy *acquired = nullptr;
    std::vector<std::unique_ptr<QSignalSpy>> spies;
    for (int i = 0; i < 4; ++i) {
        waiters.push_back(std::make_unique<StrictSoftFileLock>(m_path));
        waiters.back()->setPollInterval(1h);
        spies.push_back(std::make_unique<QSignalSpy>(waiters.back().get(), &AbstractLock::acquired));
        waiters.back()->acquire({.cancelCheck = [&looks] { return ++looks < 0; }});
    }
    QTest::qWait(300); // those who came later opened what the first ones watch; that is over now
    const int before = looks;
    QTest::qWait(500);
    QVERIFY2(looks - before <= 4, qPrintable(QString::number(looks - before)));
    QVERIFY2(before < 200, qPrintable(QString::number(before)));
    QCOMPARE(holder->ask(QStringLiteral("release")), QStringLiteral("released"));
    for (std::size_t served = 0; served < waiters.size(); ++served) {
        QTRY_VERIFY_WITH_TIMEOUT(std::any_of(spies.begin(), spies.end(),
                                             [&](const auto &spy) {
                                                 acquired = spy.get();
                                                 return spy->size() == 1;
                                             }),
                                 Patience);
        const auto winner =
            std::find_if(spies.begin(), spies.end(), [&](const auto &spy) { return spy.get() == acquired; });
        acquired->clear();
        QVERIFY(waiters[std::size_t(winner - spies.begin())]->release());
    }
    qInfo("%d looks of four waiters until the release, %d in all", before, looks);
}

void tst_StrictSoftFileLock::aSoftLockLetsItIn() // N3, I16
{
    SoftFileLock soft(m_path);
    StrictSoftFileLock strict(m_path);
    strict.setPollInterval(1h);
    QVERIFY(soft.tryAcquire());
    QVERIFY(!strict.tryAcquire());
    QCOMPARE(strict.error(), LockError::None);
    QSignalSpy acquired(&strict, &AbstractLock::acquired);
    strict.acquire();
    QVERIFY(!acquired.wait(50));
    QVERIFY(soft.release());
    QVERIFY(acquired.wait(Patience)); // by the event
    QVERIFY(!soft.tryAcquire());
    QVERIFY(strict.release());
    QVERIFY(!soft.tryAcquire()); // the path is the strict lock's from now on
    QCOMPARE(soft.error(), LockError::OtherFamily);
    QVERIFY(strict.tryAcquire());
}

void tst_StrictSoftFileLock::aBadPathIsRefused()
{
    StrictSoftFileLock lock;
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QCOMPARE(lock.claims(), QList<LockClaim>());
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QVERIFY(!lock.forceBreak(QStringLiteral("x")));
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QVERIFY(!lock.holder().isValid());
    QVERIFY(lock.setPath(m_directory->path())); // a directory
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::NotAFile);
}

namespace {

constexpr int Processes = 8;
constexpr int Rounds = 100;

// Whoever is inside has a file there that nobody else may have, and adds one to the counter, slowly.
bool takeTurns(const QString &path)
{
    StrictSoftFileLock lock(path);
    const QString occupied = path + QStringLiteral(".occupied");
    for (int round = 0; round < Rounds; ++round) {
        if (!lock.tryAcquireFor(120s))
            return false;
        if (!QDir().mkdir(occupied))
            return false;
        QFile counter(path + QStringLiteral(".counter"));
        if (!counter.open(QIODevice::ReadWrite))
            return false;
        const int value = counter.readAll().toInt();
        counter.seek(0);
        counter.write(QByteArray::number(value + 1));
        counter.close();
        if (!QDir().rmdir(occupied) || !lock.release())
            return false;
    }
    return true;
}

} // namespace

void tst_StrictSoftFileLock::manyProcessesNeverHoldTogether() // N17, with a crash at the end
{
    std::vector<pid_t> children;
    for (int i = 0; i < Processes; ++i) {
        children.push_back(fork());
        if (children.back() == 0) {
            alarm(200); // never waits for ever
            _exit(takeTurns(m_path) ? 0 : 1);
        }
    }
    int good = 0;
    for (const pid_t child : children) {
        int status = -1;
        QCOMPARE(waitpid(child, &status, 0), child);
        good += WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : 0;
    }
    QCOMPARE(good, Processes);
    QFile counter(m_path + QStringLiteral(".counter"));
    QVERIFY(counter.open(QIODevice::ReadOnly));
    QCOMPARE(counter.readAll().toInt(), Processes * Rounds);
    StrictSoftFileLock lock(m_path);
    QCOMPARE(lock.claims(), QList<LockClaim>());
    QCOMPARE(QDir(claims()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), QStringList());

    const auto victim = other();
    QCOMPARE(victim->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    victim->kill();
    QVERIFY(!lock.tryAcquire());
    const QList<LockClaim> left = lock.claims();
    QCOMPARE(left.size(), 2);
    for (const LockClaim &claim : left) {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("by force")));
        QVERIFY(lock.forceBreak(claim.name));
    }
    QVERIFY(lock.tryAcquire());
}

QTEST_GUILESS_MAIN(tst_StrictSoftFileLock)
#include "tst_strictsoftfilelock.moc"
