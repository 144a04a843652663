// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Every system call that a soft read/write lock makes fails once, in every way.

#include "../os/faults.h"
#include "markers.h"
#include "os/process.h"
#include "readwriteplace.h"

#include <QtCore/qloggingcategory.h>
#include <QtTest/qtest.h>

#include <cstring>
#include <functional>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(Holdfast::LockMode)

namespace {

/** One system call that fails. */
struct Fault
{
    Call call = Call::Count;
    int number = 0;
    int code = 0;

    void arm(Faults &faults) const { faults.fail(call, code, number); }
    /** Says that something has gone, which is no failure: nothing can tell that it is not true. */
    bool isNews() const
    {
        return code == ENOENT && (call == Call::Fstatat || call == Call::Openat || call == Call::Unlinkat);
    }
    QByteArray text() const
    {
        return "call " + QByteArray::number(static_cast<int>(call)) + " number " + QByteArray::number(number)
               + " fails with " + std::strerror(code);
    }
};

/** Every failure there can be of the calls that @p job makes. */
QList<Fault> faultsOf(const std::function<void()> &job)
{
    QList<Fault> all;
    Faults faults;
    job();
    for (int call = 0; call < static_cast<int>(Call::Count); ++call) {
        for (int number = 1; number <= faults.count(static_cast<Call>(call)); ++number) {
            for (const int code : {EIO, ESTALE, ENOENT, ENOSPC, EACCES})
                all += Fault{static_cast<Call>(call), number, code};
        }
    }
    return all;
}

QByteArray markerOf(pid_t process)
{
    return OtherToken + '\n' + QByteArray::number(process) + '\n' + QByteArray::fromStdString(os::hostName()) + '\n';
}

const QString OtherReader = QString::fromLatin1(OtherToken + ".4711");

} // namespace

class tst_SoftReadWriteSweep : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void survivesAnyFailureOfAnAttempt_data();
    void survivesAnyFailureOfAnAttempt();
    void survivesAnyFailureOfAWait_data();
    void survivesAnyFailureOfAWait();
    void survivesAnyFailureOfARelease_data() { modes(); }
    void survivesAnyFailureOfARelease();
    void survivesAnyFailureOfADrop_data() { modes(); }
    void survivesAnyFailureOfADrop();
    void losesNothingByAFailure_data() { modes(); }
    void losesNothingByAFailure();

private:
    using Backend = SoftReadWriteBackend;

    static void modes();
    static void prepare(const ReadWriteFiles &files, const QString &what);
    static bool isExclusive(const ReadWriteFiles &files, LockMode mode);
    static bool isClean(const ReadWriteFiles &files);
    static bool canBeHadLater(const ReadWriteFiles &files, LockMode mode);
    static std::unique_ptr<Backend> hold(const ReadWriteFiles &files, LockMode mode)
    {
        auto p = files.backend();
        return p->attempt(mode).answer == Attempt::Acquired ? std::move(p) : nullptr;
    }
    static QList<Fault> faultsOfHeld(LockMode mode, const std::function<void(Backend &)> &job)
    {
        const ReadWriteFiles files;
        const auto p = hold(files, mode);
        return faultsOf([&] { job(*p); });
    }
    static QString markerOfUs(const ReadWriteFiles &files, LockMode mode)
    {
        return mode == LockMode::Shared ? files.reader(files.readerNames().value(0)) : files.writer();
    }
};

void tst_SoftReadWriteSweep::initTestCase()
{
    QLoggingCategory::setFilterRules(QStringLiteral("holdfast.warning=false"));
    if (QFileInfo(QStringLiteral("/dev/shm")).isWritable()) // thousands of fresh directories: no disk need see them
        qputenv("TMPDIR", "/dev/shm");
}

void tst_SoftReadWriteSweep::modes()
{
    QTest::addColumn<LockMode>("mode");
    QTest::newRow("reading") << LockMode::Shared;
    QTest::newRow("writing") << LockMode::Exclusive;
}

void tst_SoftReadWriteSweep::prepare(const ReadWriteFiles &files, const QString &what)
{
    static const pid_t dead = deadProcess();
    const QByteArray marker = markerOf(what.startsWith(QLatin1String("a dead")) ? dead : 1);
    if (what.endsWith(QLatin1String("reader"))) {
        files.makeReaders();
        write(files.reader(OtherReader), marker);
    } else if (what.endsWith(QLatin1String("writer"))) {
        write(files.writer(), marker);
    } else if (what.endsWith(QLatin1String("mutex"))) {
        write(files.state(), softMarker(dead, os::hostName()));
    }
}

/** Whether what is held in @p mode keeps out whom it should. */
bool tst_SoftReadWriteSweep::isExclusive(const ReadWriteFiles &files, LockMode mode)
{
    for (const LockMode theirs : {LockMode::Shared, LockMode::Exclusive}) {
        const bool isShared = mode == LockMode::Shared && theirs == LockMode::Shared;
        if (!isShared && files.backend()->attempt(theirs).answer == Attempt::Acquired)
            return false;
    }
    return true;
}

/** Whether nothing of ours is there; another's token tells his. (An empty file in the mutex's place is nobody's: it is torn.) */
bool tst_SoftReadWriteSweep::isClean(const ReadWriteFiles &files)
{
    if (QFile::exists(files.writer()) && !read(files.writer()).startsWith(OtherToken))
        return false;
    for (const QString &name : files.readerNames()) {
        if (!name.startsWith(QLatin1String(OtherToken)) && !name.startsWith(u'.'))
            return false;
    }
    return !read(files.state()).startsWith(QByteArray::number(getpid()) + '\n');
}

bool tst_SoftReadWriteSweep::canBeHadLater(const ReadWriteFiles &files, LockMode mode)
{
    for (const QString &name : files.all())
        age(files.file(name), files.Threshold + 2s);
    for (const QString &name : files.readerNames())
        age(files.reader(name), files.Threshold + 2s);
    const auto somebody = files.backend();
    for (int i = 0; i < 3; ++i) {
        if (somebody->attempt(mode).answer == Attempt::Acquired)
            return !somebody->release();
    }
    return false;
}

void tst_SoftReadWriteSweep::survivesAnyFailureOfAnAttempt_data()
{
    QTest::addColumn<LockMode>("mode");
    QTest::addColumn<QString>("what");
    QTest::addColumn<bool>("mayBeHad");
    const auto row = [](LockMode mode, const char *what, bool mayBeHad = true) {
        const char *doing = mode == LockMode::Shared ? "reading" : "writing";
        QTest::addRow("%s: %s", doing, what) << mode << QString::fromLatin1(what) << mayBeHad;
    };
    for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive}) {
        row(mode, "nobody");
        row(mode, "a dead writer");
        row(mode, "a dead owner of the mutex");
        row(mode, "a live writer", false);
    }
    row(LockMode::Exclusive, "a dead reader"); // readers do not look at readers
    row(LockMode::Exclusive, "a live reader", false);
}

void tst_SoftReadWriteSweep::survivesAnyFailureOfAnAttempt()
{
    QFETCH(LockMode, mode);
    QFETCH(QString, what);
    QFETCH(bool, mayBeHad);
    const QList<Fault> all = faultsOf([&] {
        const ReadWriteFiles files;
        prepare(files, what);
        static_cast<void>(files.backend()->attempt(mode));
    });
    QVERIFY(all.size() > 20);
    for (const Fault &fault : all) {
        if (!mayBeHad && fault.isNews())
            continue;
        const ReadWriteFiles files;
        prepare(files, what);
        auto p = files.backend();
        Attempt attempt;
        {
            Faults faults;
            fault.arm(faults);
            attempt = p->attempt(mode);
        }
        const QByteArray where = fault.text();
        if (attempt.answer == Attempt::Acquired) {
            QVERIFY2(mayBeHad, where.constData());
            QCOMPARE(p->inspect(), LossReason::None);
            QVERIFY2(isExclusive(files, mode), where.constData());
            QVERIFY2(!p->release(), where.constData());
        } else if (attempt.answer == Attempt::Failed) {
            QVERIFY2(attempt.failure.text.contains(files.path()), qPrintable(attempt.failure.text));
        }
        p.reset();
        QVERIFY2(timesOpen(files.path()) == 0, where.constData());
        if (fault.isNews())
            continue;
        QVERIFY2(isClean(files), where.constData());
        if (what == QLatin1String("a live reader"))
            QVERIFY2(read(files.reader(OtherReader)) == markerOf(1), where.constData());
        if (what == QLatin1String("a live writer"))
            QVERIFY2(read(files.writer()) == markerOf(1), where.constData());
        QVERIFY2(canBeHadLater(files, mode), where.constData());
        QVERIFY2(isClean(files), where.constData());
    }
    qInfo("%d sweeps", static_cast<int>(all.size()));
}

void tst_SoftReadWriteSweep::survivesAnyFailureOfAWait_data()
{
    QTest::addColumn<bool>("hasLeft");
    QTest::newRow("the reader still reads") << false;
    QTest::newRow("the reader has left") << true;
}

// The second attempt of a writer who has announced himself.
void tst_SoftReadWriteSweep::survivesAnyFailureOfAWait()
{
    QFETCH(bool, hasLeft);
    const auto begin = [](const ReadWriteFiles &files) {
        auto p = files.backend();
        prepare(files, QStringLiteral("a live reader"));
        static_cast<void>(p->attempt(LockMode::Exclusive));
        return p;
    };
    const QList<Fault> all = faultsOf([&] {
        const ReadWriteFiles files;
        const auto p = begin(files);
        if (hasLeft)
            QVERIFY(QFile::remove(files.reader(OtherReader)));
        static_cast<void>(p->attempt(LockMode::Exclusive));
    });
    for (const Fault &fault : all) {
        const ReadWriteFiles files;
        auto p = begin(files);
        if (hasLeft)
            QVERIFY(QFile::remove(files.reader(OtherReader)));
        if (!hasLeft && fault.isNews())
            continue;
        Attempt attempt;
        {
            Faults faults;
            fault.arm(faults);
            attempt = p->attempt(LockMode::Exclusive);
        }
        const QByteArray where = fault.text();
        if (attempt.answer == Attempt::Acquired) {
            QVERIFY2(hasLeft, where.constData());
            QVERIFY2(isExclusive(files, LockMode::Exclusive), where.constData());
            QVERIFY2(!p->release(), where.constData());
        } else if (attempt.answer == Attempt::Failed) {
            QVERIFY2(attempt.failure.text.contains(files.path()), qPrintable(attempt.failure.text));
        }
        p.reset();
        QVERIFY2(timesOpen(files.path()) == 0, where.constData());
        if (fault.isNews())
            continue;
        QVERIFY2(isClean(files), where.constData());
        QVERIFY2(hasLeft || read(files.reader(OtherReader)) == markerOf(1), where.constData());
        QVERIFY2(canBeHadLater(files, LockMode::Exclusive), where.constData());
    }
    qInfo("%d sweeps", static_cast<int>(all.size()));
}

void tst_SoftReadWriteSweep::survivesAnyFailureOfARelease()
{
    QFETCH(LockMode, mode);
    for (const Fault &fault : faultsOfHeld(mode, [](Backend &p) { static_cast<void>(p.release()); })) {
        if (fault.isNews())
            continue;
        const ReadWriteFiles files;
        const auto p = hold(files, mode);
        const QString marker = markerOfUs(files, mode);
        QVERIFY(QFile::exists(marker));
        std::optional<Failure> failure;
        {
            Faults faults;
            fault.arm(faults);
            failure = p->release();
        }
        const QByteArray where = fault.text();
        QVERIFY2(QFile::exists(marker) == failure.has_value(), where.constData()); // still held, or given back
        if (failure) {
            QVERIFY2(failure->text.contains(files.path()), qPrintable(failure->text));
            QVERIFY2(isExclusive(files, mode), where.constData());
            QVERIFY2(!p->release(), where.constData());
        }
        QVERIFY2(timesOpen(files.path()) == 0, where.constData());
        QVERIFY2(isClean(files), where.constData());
        QVERIFY2(canBeHadLater(files, mode), where.constData());
    }
}

void tst_SoftReadWriteSweep::survivesAnyFailureOfADrop()
{
    QFETCH(LockMode, mode);
    for (const Fault &fault : faultsOfHeld(mode, [](Backend &p) { p.drop(); })) {
        if (fault.isNews())
            continue;
        const ReadWriteFiles files;
        const auto p = hold(files, mode);
        {
            Faults faults;
            fault.arm(faults);
            p->drop();
        }
        const QByteArray where = fault.text();
        QVERIFY2(timesOpen(files.path()) == 0, where.constData());
        QVERIFY2(isClean(files), where.constData());
        QVERIFY2(canBeHadLater(files, mode), where.constData());
    }
}

void tst_SoftReadWriteSweep::losesNothingByAFailure()
{
    QFETCH(LockMode, mode);
    const auto look = [](Backend &p) {
        const LossReason reason = p.inspect();
        const Renewal renewal = p.renew();
        return reason == LossReason::None && renewal.answer != Renewal::Lost
               && (renewal.answer == Renewal::Postponed) == renewal.failure.isSet();
    };
    const ReadWriteFiles files;
    const auto p = hold(files, mode);
    for (const Fault &fault : faultsOfHeld(mode, look)) {
        if (fault.isNews())
            continue;
        Faults faults;
        fault.arm(faults);
        QVERIFY2(look(*p), fault.text().constData());
    }
    QCOMPARE(p->renew().answer, Renewal::Done);
    QVERIFY(isExclusive(files, mode));
    QVERIFY(!p->release());
    QVERIFY(isClean(files));
}

QTEST_GUILESS_MAIN(tst_SoftReadWriteSweep)
#include "tst_softreadwritesweep.moc"
