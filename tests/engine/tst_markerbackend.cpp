// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/cachingclient.h"
#include "../os/faults.h"
#include "../os/filesystems.h"
#include "engine/leasebackend.h"
#include "engine/softbackend.h"
#include "manualclock.h"
#include "markers.h"

#include <QtCore/qloggingcategory.h>
#include <QtTest/qtest.h>

#include <functional>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

namespace {

constexpr int Codes[] = {EIO, ESTALE, ENOENT, EACCES, EPERM, ENOSPC, EMFILE, ENOTSUP, EROFS};
constexpr int Calls = static_cast<int>(Call::Count);

const QByteArray Huge(2000, 'x');

/** How often each call is made by @p job; the first dozen are enough. */
QList<int> countCalls(const std::function<void()> &job)
{
    QList<int> counts;
    Faults faults;
    job();
    for (int call = 0; call < Calls; ++call)
        counts += std::min(faults.count(static_cast<Call>(call)), 12);
    return counts;
}

} // namespace

/** Markers on disk, with every system call failing once and the other process played between any two of them. */
class tst_MarkerBackend : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("holdfast.warning=false")); }
    void init();
    void survivesAnyFailureOfAnAttempt_data();
    void survivesAnyFailureOfAnAttempt();
    void survivesAnyFailureOfARelease_data() { kinds(); }
    void survivesAnyFailureOfARelease();
    void survivesAnyFailureOfADrop_data() { kinds(); }
    void survivesAnyFailureOfADrop();
    void losesNothingByAFailure_data() { kinds(); }
    void losesNothingByAFailure();
    void neverTakesWhatComesUnderTheName_data();
    void neverTakesWhatComesUnderTheName();
    void writesTheWholeRecordInShortWrites();
    void leavesNoMarkerBehindOnAFullDisk_data();
    void leavesNoMarkerBehindOnAFullDisk();
    void isNotHeldIfItWasRemovedBeforeItWasFilled_data();
    void isNotHeldIfItWasRemovedBeforeItWasFilled();
    void waitsForOneThatIsInTheMaking();
    void showsOtherMachinesItsRecordAtOnce_data() { kinds(); }
    void showsOtherMachinesItsRecordAtOnce();
    void asksTheServerBeforeItRemoves_data();
    void asksTheServerBeforeItRemoves();
    void asksAgainWhoItIs();
    void leavesASuccessorAlone();
    void countsAgeOnTheFilesystemsClock();
    void countsTheLifetimeOnTheFilesystemsClock_data();
    void countsTheLifetimeOnTheFilesystemsClock();
    void doesNotCountTheTimeOfAFileThatItCannotAsk();
    void looksAgainThoroughlyOnceASecond();
    void namesTheNamespaceOfTheProcessThatItIsIn();
    void tellsTheWholePathOfAnotherFamily();
    void doesNotTakeAPeerWhoReclaimsForAnotherFamily();
    void doesNotSpinOnAFileThatSomebodyKeepsLocked();
    void staysWithTheDirectoryOfItsAttempt();
    void opensOnceForAWholeWait();

private:
    std::string at() const { return QFile::encodeName(m_path).toStdString(); }
    MarkerBackendOptions options() const { return {.path = at()}; }
    std::unique_ptr<Backend> make(bool isLease) const
    {
        if (isLease)
            return std::make_unique<LeaseBackend>(options(), LeaseTerms());
        return std::make_unique<SoftBackend>(options(), m_lock);
    }
    Attempt::Answer attemptOnce(bool isLease = false)
    {
        const auto p = make(isLease);
        const Attempt attempt = p->attempt(LockMode::Exclusive);
        if (attempt.answer == Attempt::Acquired && p->release())
            qWarning() << "cannot be released";
        return attempt.answer;
    }
    static void kinds()
    {
        QTest::addColumn<bool>("isLease");
        QTest::newRow("soft") << false;
        QTest::newRow("lease") << true;
    }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
    LockOptions m_lock;
};

void tst_MarkerBackend::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("some.lock"));
}

void tst_MarkerBackend::survivesAnyFailureOfAnAttempt_data()
{
    QTest::addColumn<bool>("isLease");
    QTest::addColumn<QByteArray>("marker"); // null: none
    QTest::addColumn<int>("seconds");       // its age
    QTest::addColumn<bool>("mayBeTaken");
    constexpr int old = 3600;
    QTest::newRow("soft: nothing there") << false << QByteArray() << old << true;
    QTest::newRow("soft: a dead owner") << false << deadMarker() << old << true;
    QTest::newRow("soft: a live owner") << false << liveMarker() << old << false;
    QTest::newRow("soft: another machine's") << false << foreignMarker() << old << false;
    QTest::newRow("soft: a torn one") << false << QByteArray("") << old << true;
    QTest::newRow("soft: a long file") << false << Huge << old << false;
    const std::string host = currentOwner().host;
    QTest::newRow("lease: nothing there") << true << QByteArray() << old << true;
    QTest::newRow("lease: a dead owner") << true << leaseMarker(deadProcess(), host) << 1 << true;
    QTest::newRow("lease: a live owner") << true << leaseMarker(1, host) << 1 << false;
    QTest::newRow("lease: a live owner's that has expired") << true << leaseMarker(1, host) << old << true;
    QTest::newRow("lease: another machine's") << true << leaseMarker(1, "another.machine") << 1 << false;
    QTest::newRow("lease: a live soft owner") << true << liveMarker() << old << false;
    QTest::newRow("lease: a torn one") << true << QByteArray("") << old << true;
    QTest::newRow("lease: a long file") << true << Huge << old << false;
}

// Whatever fails: a live owner keeps the marker, nothing stays open, what is called acquired is ours, and nothing of ours
// stays where it is not called so.
void tst_MarkerBackend::survivesAnyFailureOfAnAttempt()
{
    QFETCH(bool, isLease);
    QFETCH(QByteArray, marker);
    QFETCH(int, seconds);
    QFETCH(bool, mayBeTaken);
    int sweeps = 0;
    const QByteArray self = (isLease ? "\npid=" : "\n") + QByteArray::number(getpid()) + '\n';
    const auto counts = countCalls([&] {
        if (!marker.isNull())
            writeOld(m_path, marker, seconds);
        attemptOnce(isLease);
    });
    for (int call = 0; call < Calls; ++call) {
        for (int number = 1; number <= counts[call]; ++number) {
            for (const int code : Codes) {
                ++sweeps;
                init();
                if (!marker.isNull())
                    writeOld(m_path, marker, seconds);
                const ino_t before = inodeOf(m_path);
                const auto p = make(isLease);
                Attempt attempt;
                const QByteArray where = "call " + QByteArray::number(call) + " number " + QByteArray::number(number)
                                         + " fails with " + std::strerror(code);
                {
                    Faults faults;
                    faults.fail(static_cast<Call>(call), code, number);
                    attempt = p->attempt(LockMode::Exclusive);
                }
                if (!mayBeTaken) {
                    QVERIFY2(attempt.answer != Attempt::Acquired, where.constData());
                    QVERIFY2(inodeOf(m_path) == before && read(m_path) == marker, where.constData());
                }
                if (attempt.answer == Attempt::Acquired) {
                    QVERIFY2(p->identity().number == inodeOf(m_path), where.constData());
                    QVERIFY2(('\n' + read(m_path)).contains(self), where.constData());
                    QVERIFY2(!p->release(), where.constData());
                    QVERIFY2(!QFile::exists(m_path), where.constData());
                } else if (attempt.answer == Attempt::Failed) {
                    QVERIFY2(attempt.failure.text.contains(m_path), qPrintable(attempt.failure.text));
                }
                p->stopTrying();
                QVERIFY2(timesOpen(m_directory->path()) == 0, where.constData());
                if (QFile::exists(m_path))
                    age(m_path, 3600);
                if (mayBeTaken)
                    QVERIFY2(attemptOnce(isLease) == Attempt::Acquired, where.constData());
            }
        }
    }
    qInfo("%d sweeps", sweeps);
}

void tst_MarkerBackend::survivesAnyFailureOfARelease()
{
    QFETCH(bool, isLease);
    for (int call = 0; call < Calls; ++call) {
        for (const int code : Codes) {
            if (code == ENOENT)
                continue; // that is no failure, but news
            for (int number = 1; number <= 2; ++number) {
                init();
                const auto p = make(isLease);
                QCOMPARE(p->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
                std::optional<Failure> failure;
                {
                    Faults faults;
                    faults.fail(static_cast<Call>(call), code, number);
                    failure = p->release();
                }
                QCOMPARE(QFile::exists(m_path), failure.has_value()); // still held, or given back
                if (failure) {
                    QCOMPARE(attemptOnce(isLease), Attempt::Busy);
                    QVERIFY(!p->release());
                }
                QCOMPARE(entriesOf(m_directory->path()), QStringList());
                QCOMPARE(timesOpen(m_directory->path()), 0);
            }
        }
    }
}

// Where not even that can be made sure, the marker stays, and says that its owner lives: as safe as it gets.
void tst_MarkerBackend::survivesAnyFailureOfADrop()
{
    QFETCH(bool, isLease);
    for (int call = 0; call < Calls; ++call) {
        for (const int code : Codes) {
            init();
            const auto p = make(isLease);
            QCOMPARE(p->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
            {
                Faults faults;
                faults.fail(static_cast<Call>(call), code, 1);
                p->drop();
            }
            const bool cannotBeRemoved = call == int(Call::Fstatat) || call == int(Call::Unlinkat);
            QVERIFY(cannotBeRemoved || !QFile::exists(m_path));
            QCOMPARE(timesOpen(m_directory->path()), 0);
        }
    }
}

void tst_MarkerBackend::losesNothingByAFailure()
{
    QFETCH(bool, isLease);
    const auto p = make(isLease);
    QCOMPARE(p->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    for (int call = 0; call < Calls; ++call) {
        for (const int code : Codes) {
            if (code == ENOENT && call == int(Call::Fstatat))
                continue; // that is no failure, but news
            {
                Faults faults;
                faults.fail(static_cast<Call>(call), code, 1);
                QCOMPARE(p->inspect(), LossReason::None);
            }
            Faults faults;
            faults.fail(static_cast<Call>(call), code, 1);
            const Renewal renewal = p->renew();
            QVERIFY(renewal.answer != Renewal::Lost);
            QCOMPARE(renewal.answer == Renewal::Postponed, renewal.failure.isSet());
        }
    }
    QCOMPARE(p->renew().answer, Renewal::Done);
    QVERIFY(!p->release());
}

void tst_MarkerBackend::neverTakesWhatComesUnderTheName_data()
{
    QTest::addColumn<QByteArray>("marker");
    QTest::addColumn<QString>("what");
    const std::pair<const char *, QByteArray> markers[] = {
        {"dead", deadMarker()}, {"live", liveMarker()}, {"torn", QByteArray("")}};
    for (const auto &[name, marker] : markers) {
        for (const char *what : {"nothing", "live", "link", "pipe", "directory", "huge"})
            QTest::addRow("%s, then %s", name, what) << marker << QString::fromLatin1(what);
    }
}

// Before and after every system call of an attempt, something else comes under the name.
void tst_MarkerBackend::neverTakesWhatComesUnderTheName()
{
    QFETCH(QByteArray, marker);
    QFETCH(QString, what);
    const QByteArray intruder = softMarker(1, "intruder.machine");
    const auto counts = countCalls([&] {
        writeOld(m_path, marker);
        attemptOnce();
    });
    for (int call = 0; call < Calls; ++call) {
        for (int number = 1; number <= counts[call]; ++number) {
            init();
            const QString victim = m_directory->filePath(QStringLiteral("victim"));
            write(victim, "precious");
            writeOld(m_path, marker);
            const auto intrude = [&] {
                const QByteArray path = QFile::encodeName(m_path);
                ::unlink(path.constData());
                if (what == QLatin1String("live"))
                    write(m_path, intruder);
                else if (what == QLatin1String("link"))
                    QCOMPARE(::symlink("victim", path.constData()), 0);
                else if (what == QLatin1String("pipe"))
                    QCOMPARE(::mkfifo(path.constData(), 0666), 0);
                else if (what == QLatin1String("directory"))
                    QCOMPARE(::mkdir(path.constData(), 0777), 0);
                else if (what == QLatin1String("huge"))
                    QCOMPARE(::truncate((write(m_path, {}), path.constData()), 1 << 30), 0);
            };
            SoftBackend p(options(), m_lock);
            Attempt attempt;
            bool intruded = false;
            {
                Faults faults;
                faults.before(static_cast<Call>(call), number, intrude);
                attempt = p.attempt(LockMode::Exclusive);
                intruded = faults.count(static_cast<Call>(call)) >= number;
            }
            const bool isOurs = attempt.answer == Attempt::Acquired && p.inspect() == LossReason::None;
            const QByteArray where = "call " + QByteArray::number(call) + " number " + QByteArray::number(number);
            if (intruded && what == QLatin1String("live"))
                QVERIFY2(!isOurs && read(m_path) == intruder, where.constData());
            else if (intruded && what != QLatin1String("nothing"))
                QVERIFY2(!isOurs, where.constData()); // too fresh to be called torn
            if (isOurs)
                QVERIFY2(!p.release(), where.constData());
            p.drop();
            QCOMPARE(read(victim), QByteArray("precious"));
            QVERIFY2(timesOpen(m_directory->path()) == 0, where.constData());
            if (intruded && what != QLatin1String("nothing"))
                QVERIFY2(inodeOf(m_path) != 0, where.constData());
        }
    }
}

void tst_MarkerBackend::writesTheWholeRecordInShortWrites()
{
    SoftBackend p(options(), m_lock);
    {
        Faults faults;
        faults.shorten(Call::Write, 1);
        faults.fail(Call::Write, EINTR, 3);
        QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    }
    const Owner self = currentOwner();
    QCOMPARE(read(m_path), softMarker(self.process, self.host, self.startToken));
    QVERIFY(!p.release());
}

void tst_MarkerBackend::leavesNoMarkerBehindOnAFullDisk_data()
{
    QTest::addColumn<bool>("isLease");
    QTest::addColumn<int>("code");
    QTest::newRow("soft, no space") << false << ENOSPC;
    QTest::newRow("lease, no space") << true << ENOSPC;
    QTest::newRow("soft, quota") << false << EDQUOT;
}

void tst_MarkerBackend::leavesNoMarkerBehindOnAFullDisk()
{
    QFETCH(bool, isLease);
    QFETCH(int, code);
    const auto backend = isLease ? std::unique_ptr<Backend>(new LeaseBackend(options(), {}))
                                 : std::unique_ptr<Backend>(new SoftBackend(options(), m_lock));
    for (int from = 1; from <= 2; ++from) {
        Faults faults;
        faults.shorten(Call::Write, 5);
        faults.fail(Call::Write, code, from);
        const Attempt attempt = backend->attempt(LockMode::Exclusive);
        QCOMPARE(attempt.answer, Attempt::Failed);
        QCOMPARE(attempt.failure.error, LockError::NoSpace);
        QCOMPARE(entriesOf(m_directory->path()), QStringList());
        QCOMPARE(timesOpen(m_directory->path()), 0);
    }
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

// It would be in everybody's way until it is old enough to be taken for torn.
void tst_MarkerBackend::isNotHeldIfItWasRemovedBeforeItWasFilled_data()
{
    QTest::addColumn<bool>("isBrief");
    QTest::addColumn<bool>("isTaken");
    QTest::addColumn<bool>("isRemote"); // and the client believes its name to lead where it led
    for (const bool isRemote : {false, true}) {
        for (const bool isBrief : {false, true}) {
            for (const bool isTaken : {false, true})
                QTest::addRow("%s, %s%s", isBrief ? "at a brief look" : "at a thorough one", isTaken ? "taken" : "free",
                              isRemote ? ", over NFS" : "")
                    << isBrief << isTaken << isRemote;
        }
    }
}

// P.1 makes it, and is stopped. Q finds a torn one, removes it, and may make his own. P.2 goes on.
void tst_MarkerBackend::isNotHeldIfItWasRemovedBeforeItWasFilled()
{
    QFETCH(bool, isBrief);
    QFETCH(bool, isTaken);
    QFETCH(bool, isRemote);
    std::optional<CachingClient> client;
    if (isRemote)
        client.emplace();
    SoftBackend p(options(), m_lock);
    if (isBrief) { // who waits looks briefly
        write(m_path, liveMarker());
        QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
        QVERIFY(QFile::remove(m_path));
        if (client)
            client->refresh();
    }
    Faults faults;
    faults.before(Call::Write, 1, [&] {
        QVERIFY(QFile::remove(m_path));
        if (isTaken)
            write(m_path, liveMarker());
    });
    Attempt attempt = isBrief ? p.attemptBriefly(LockMode::Exclusive) : p.attempt(LockMode::Exclusive);
    if (!isTaken && attempt.retryIn > 0ms)
        attempt = p.attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, isTaken ? Attempt::Busy : Attempt::Acquired);
    QCOMPARE(faults.count(Call::Write), isTaken ? 1 : 2);
    if (isTaken)
        QCOMPARE(read(m_path), liveMarker());
    else
        QCOMPARE(p.inspect(), LossReason::None);
}

// As an exclusive creation over NFS 3 looks until its second step.
void tst_MarkerBackend::waitsForOneThatIsInTheMaking()
{
    const ManualTime time;
    SoftBackend p(options(), m_lock);
    const auto begin = [this] {
        writeOld(m_path, "", 1e9);
        QCOMPARE(::chmod(QFile::encodeName(m_path).constData(), 0), 0);
    };
    begin();
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QFile::remove(m_path);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QVERIFY(!p.release());
    time->pass(2s);
    begin(); // another one, with a time of its own
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    time->pass(1s);
    const Attempt attempt = p.attempt(LockMode::Exclusive);
    const bool isRoot = ::geteuid() == 0; // to others it is unreadable, which proves nothing
    QCOMPARE(attempt.answer, isRoot ? Attempt::Failed : Attempt::Busy);
    QCOMPARE(attempt.failure.error, isRoot ? LockError::PermissionDenied : LockError::None);
    QVERIFY(inodeOf(m_path) != 0);
}

// It stays open, and what was written to it may stay on this machine for half a minute; an empty one is removed sooner than that.
void tst_MarkerBackend::showsOtherMachinesItsRecordAtOnce()
{
    QFETCH(bool, isLease);
    for (const std::uint32_t type : {Nfs, Fuse, Ext4}) {
        const FakedFilesystem faked(type);
        const int expected = type == Ext4 ? 0 : 1;
        const auto p = make(isLease);
        {
            Faults faults;
            bool isWritten = false;
            faults.before(Call::Fsync, 1, [&] { isWritten = !read(m_path).isEmpty(); });
            QCOMPARE(p->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
            QCOMPARE(faults.count(Call::Fsync), expected);
            QCOMPARE(isWritten, expected == 1);
        }
        QVERIFY(!p->release());
        Faults faults;
        faults.fail(Call::Fsync, ENOSPC); // only now does a server say so
        QCOMPARE(attemptOnce(isLease), expected == 1 ? Attempt::Failed : Attempt::Acquired);
        QVERIFY(!QFile::exists(m_path));
    }
}

void tst_MarkerBackend::asksTheServerBeforeItRemoves_data()
{
    QTest::addColumn<bool>("isLease");
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("then");
    const QByteArray soft = foreignMarker();
    const QByteArray lease = leaseMarker(1, "another.machine");
    QTest::newRow("soft: it has been filled meanwhile") << false << QByteArray("") << soft;
    QTest::newRow("lease: it has been filled meanwhile") << true << QByteArray("") << lease;
    QTest::newRow("lease: it has been renewed meanwhile") << true << lease << lease;
}

// P waits, and knows of the marker what his machine knows; its owner, on another one, has written since.
void tst_MarkerBackend::asksTheServerBeforeItRemoves()
{
    QFETCH(bool, isLease);
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, then);
    CachingClient client;
    write(m_path, first);
    const auto p = make(isLease);
    QCOMPARE(p->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    age(m_path, 3600);
    client.refresh();
    write(m_path, then);
    QCOMPARE(p->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(read(m_path), then);
    age(m_path, 3600);
    client.refresh();
    QCOMPARE(p->attempt(LockMode::Exclusive).answer, isLease ? Attempt::Acquired : Attempt::Busy); // as old as it looks
}

void tst_MarkerBackend::asksAgainWhoItIs()
{
    for (const bool isLease : {false, true}) {
        const auto backend = make(isLease);
        Faults faults;
        faults.fail(Call::Fstat, EINTR, 1, 3);
        QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
        QVERIFY(!backend->release());
    }
}

//   P.1 creates its marker       P.2 cannot write it
//   Q.1 removes it, makes its own
//   P.3 takes back what it made: not Q's
void tst_MarkerBackend::leavesASuccessorAlone()
{
    Faults faults;
    faults.fail(Call::Write, ENOSPC);
    faults.after(Call::Write, 1, [&] {
        QVERIFY(QFile::remove(m_path));
        write(m_path, liveMarker());
    });
    SoftBackend p(options(), m_lock);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Failed);
    QCOMPARE(read(m_path), liveMarker());
}

// A local clock that leaps makes nobody's lease old; a server's clock that was set does.
void tst_MarkerBackend::countsAgeOnTheFilesystemsClock()
{
    const ManualTime time;
    write(m_path, leaseMarker(1, "another.machine"));
    LeaseBackend p(options(), {});
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    time->pass(24h);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    time->sleep(24h);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    age(m_path, -3600); // from the future: set back since
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    age(m_path, 29);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    age(m_path, 31);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_MarkerBackend::countsTheLifetimeOnTheFilesystemsClock_data()
{
    QTest::addColumn<QByteArray>("marker");
    QTest::newRow("a lifetime") << liveMarker();
    QTest::newRow("a torn marker") << QByteArray("1\n");
}

void tst_MarkerBackend::countsTheLifetimeOnTheFilesystemsClock()
{
    QFETCH(QByteArray, marker);
    const ManualTime time;
    LockOptions lock;
    lock.lifetime = 500s;
    SoftBackend p({.path = at(), .malformedGrace = 500s}, lock);
    write(m_path, marker);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    time->pass(24h);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    time->sleep(24h);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    age(m_path, -86400); // set back since
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    time->pass(24h);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    age(m_path, 600); // set forward
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_MarkerBackend::doesNotCountTheTimeOfAFileThatItCannotAsk()
{
    writeOld(m_path, leaseMarker(1, "another.machine"));
    LeaseBackend p(options(), {});
    Faults faults;
    faults.fail(Call::Fstat, EIO, 2, ForEver); // the first is of the marker, the second of what tells the time
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
}

// A brief look sees nothing grow old; how often it may be believed must not depend on the interval of the poll.
void tst_MarkerBackend::looksAgainThoroughlyOnceASecond()
{
    const ManualTime time;
    write(m_path, leaseMarker(1, "another.machine"));
    LeaseBackend p(options(), {});
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    age(m_path, 31);
    QCOMPARE(p.attemptBriefly(LockMode::Exclusive).answer, Attempt::Busy);
    time->pass(10s);
    QCOMPARE(p.attemptBriefly(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_MarkerBackend::tellsTheWholePathOfAnotherFamily()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    write(m_path, leaseMarker(1, currentOwner().host));
    SoftBackend p({.path = "some.lock"}, m_lock);
    const Attempt soft = p.attempt(LockMode::Exclusive);
    writeOld(m_path, {});
    const ForeignLock native(m_path);
    Attempt torn = p.attempt(LockMode::Exclusive);
    const ManualTime time;
    for (int i = 0; i < 3 && torn.answer == Attempt::Busy; ++i) {
        time->pass(10s);
        torn = p.attempt(LockMode::Exclusive);
    }
    QVERIFY(QDir::setCurrent(before));
    for (const Attempt &attempt : {soft, torn}) {
        QCOMPARE(attempt.answer, Attempt::Failed);
        QCOMPARE(attempt.failure.error, LockError::OtherFamily);
        QVERIFY2(attempt.failure.text.contains(m_path), qPrintable(attempt.failure.text));
    }
}

//   Q.1 finds an old empty file, locks it to remove it
//   P.1 finds the same file, and somebody's lock on it: a FileLock's?
//   Q.2 removes it
void tst_MarkerBackend::doesNotTakeAPeerWhoReclaimsForAnotherFamily()
{
    writeOld(m_path, {});
    SoftBackend p(options(), m_lock);
    SoftBackend q(options(), m_lock);
    Attempt meanwhile;
    Attempt attempt;
    {
        Faults faults;
        faults.after(Call::Flock, 1, [&] { meanwhile = p.attempt(LockMode::Exclusive); });
        attempt = q.attempt(LockMode::Exclusive);
    }
    QCOMPARE(meanwhile.answer, Attempt::Busy);
    QVERIFY(meanwhile.retryIn > 0ms);
    QCOMPARE(attempt.answer, Attempt::Acquired);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
}

// Whoever reclaims is done in a moment. Whoever keeps the lock for longer does not want to be asked every millisecond.
void tst_MarkerBackend::doesNotSpinOnAFileThatSomebodyKeepsLocked()
{
    const ManualTime time;
    writeOld(m_path, deadMarker());
    const ForeignLock other(m_path);
    age(m_path, 3600);
    SoftBackend p(options(), m_lock);
    const Attempt first = p.attempt(LockMode::Exclusive);
    QCOMPARE(first.answer, Attempt::Busy);
    QCOMPARE(first.retryIn, 1ms);
    time->pass(10s);
    const Attempt later = p.attempt(LockMode::Exclusive);
    QCOMPARE(later.answer, Attempt::Busy);
    QCOMPARE(later.retryIn, 0ms);
}

void tst_MarkerBackend::namesTheNamespaceOfTheProcessThatItIsIn()
{
    SoftBackend p(options(), m_lock);
    Faults faults;
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    struct stat facts = {};
    QCOMPARE(::stat("/proc/self/ns/pid", &facts), 0);
    constexpr ino_t first = 0xEFFFFFFC; // PROC_PID_INIT_INO in linux/proc_ns.h
    QCOMPARE(faults.count(Call::Fsetxattr), facts.st_ino == first ? 0 : 1);
}

void tst_MarkerBackend::staysWithTheDirectoryOfItsAttempt()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    SoftBackend p({.path = "some.lock"}, m_lock);
    const bool acquired = p.attempt(LockMode::Exclusive).answer == Attempt::Acquired;
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(acquired);
    QVERIFY(QFile::exists(m_path));
    QCOMPARE(p.inspect(), LossReason::None);
    QVERIFY(!p.release());
    QVERIFY(!QFile::exists(m_path));
}

// Each close of the marker would wake all the others who wait.
void tst_MarkerBackend::opensOnceForAWholeWait()
{
    write(m_path, liveMarker());
    SoftBackend p(options(), m_lock);
    QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    const Watchable watched = p.watchable();
    QVERIFY(watched.descriptor >= 0);
    Faults faults;
    for (int i = 0; i < 10; ++i) {
        QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Busy);
        QCOMPARE(p.attemptBriefly(LockMode::Exclusive).answer, Attempt::Busy);
    }
    QCOMPARE(faults.count(Call::Close), 0);
    QCOMPARE(faults.count(Call::Openat), 20); // the attempts to create it
    QVERIFY(p.watchable() == watched);
    p.stopTrying();
    QCOMPARE(timesOpen(m_directory->path()), 0);
}

QTEST_GUILESS_MAIN(tst_MarkerBackend)
#include "tst_markerbackend.moc"
