// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What every lock of a path shares with the class of the same name in version 4 of Python's filelock, in both directions.

#include "counters.h"
#include "lockkinds.h"
#include "newpython.h"

#include <QtCore/qfile.h>
#include <QtCore/qthread.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <cstring>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

constexpr int Rounds = 150;

/** As a process of its own: adds to a number in a file, so many times, each under the lock. */
int count(const QString &kind, const QString &path, const QString &counter)
{
    const auto lock = makeLock(kind, path);
    QFile file(counter);
    for (int i = 0; i < Rounds; ++i) {
        if (!lock->tryAcquireFor(120s, {.pollInterval = 5ms}) || !file.open(QIODevice::ReadWrite))
            return 1;
        const int value = file.readAll().toInt();
        QThread::yieldCurrentThread(); // whoever comes between would show
        file.seek(0);
        file.write(QByteArray::number(value + 1));
        file.close();
        if (!lock->release())
            return 2;
    }
    return 0;
}

void addKinds(bool withStrict = true)
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("a lock of the system") << QStringLiteral("file");
    QTest::newRow("a soft lock") << QStringLiteral("soft");
    QTest::newRow("a lease") << QStringLiteral("lease");
    if (withStrict)
        QTest::newRow("a strict lock") << QStringLiteral("strict");
}

} // namespace

class tst_NewPython : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void excludesUs_data() { addKinds(); }
    void excludesUs();
    void isExcludedByUs_data() { addKinds(); }
    void isExcludedByUs();
    void wakesUs_data() { addKinds(); }
    void wakesUs();
    void getsItFromUs_data() { addKinds(); }
    void getsItFromUs();
    void isNamedAsTheHolder_data() { addKinds(); }
    void isNamedAsTheHolder();
    void freesWhenItIsKilled_data() { addKinds(false); }
    void freesWhenItIsKilled();
    void getsItWhenWeAreKilled_data() { addKinds(false); }
    void getsItWhenWeAreKilled();
    void losesNoUpdate_data() { addKinds(); }
    void losesNoUpdate();

private:
    std::unique_ptr<OtherProcess> python() const { return newPython(m_kind, m_path); }
    std::unique_ptr<AbstractLock> ours() const { return makeLock(m_kind, m_path); }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
    QString m_kind;
};

void tst_NewPython::init()
{
    QFETCH(QString, kind);
    m_kind = kind;
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("work.lock"));
}

void tst_NewPython::excludesUs()
{
    const auto other = python();
    const auto lock = ours();
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    QVERIFY(!lock->tryAcquire());
    QVERIFY(!lock->tryAcquireFor(80ms));
    QCOMPARE(lock->errorString(), QString());
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock->tryAcquire());
}

void tst_NewPython::isExcludedByUs()
{
    const auto other = python();
    const auto lock = ours();
    QVERIFY(lock->tryAcquire());
    QCOMPARE(other->ask(QStringLiteral("acquire 0.1")), QStringLiteral("timedOut"));
    QVERIFY(lock->release());
    QCOMPARE(other->ask(QStringLiteral("acquire 20")), QStringLiteral("acquired"));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock->tryAcquire());
}

void tst_NewPython::wakesUs()
{
    const auto other = python();
    const auto lock = ours();
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    QSignalSpy contended(lock.get(), &AbstractLock::contended);
    QSignalSpy acquired(lock.get(), &AbstractLock::acquired);
    lock->acquire({.pollInterval = 1h});
    QVERIFY(contended.wait(Patience));
    QVERIFY(!acquired.wait(50));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
}

void tst_NewPython::getsItFromUs()
{
    const auto other = python();
    const auto lock = ours();
    QVERIFY(lock->tryAcquire());
    other->tell(QStringLiteral("acquire 60"));
    QVERIFY(other->isSilent());
    QVERIFY(lock->release());
    QCOMPARE(other->hear(), QStringLiteral("acquired"));
}

// In both directions, where the record of a family says it.
void tst_NewPython::isNamedAsTheHolder()
{
    const auto other = python();
    const auto lock = ours();
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    const LockHolder holder = lock->holder();
    QCOMPARE(holder.processId, other->processId());
    QCOMPARE(holder.hostName, QSysInfo::machineHostName());
    QVERIFY(holder.application.startsWith(QLatin1String("python3")));
    QCOMPARE(holder.liveness, Liveness::Alive);
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock->tryAcquire());
    const QString own = QString::number(QCoreApplication::applicationPid());
    if (m_kind == QLatin1String("strict")) {
        const QString claim = own + u'@' + QSysInfo::machineHostName();
        QCOMPARE(other->ask(QStringLiteral("claims")), QStringLiteral("held:%1 intent:%1").arg(claim));
    } else if (m_kind != QLatin1String("file")) {
        QCOMPARE(other->ask(QStringLiteral("pid")), own);
        QCOMPARE(other->ask(QStringLiteral("is_lock_held_by_us")), QStringLiteral("False"));
    }
}

void tst_NewPython::freesWhenItIsKilled()
{
    const auto other = python();
    const auto lock = ours();
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    QSignalSpy contended(lock.get(), &AbstractLock::contended);
    QSignalSpy acquired(lock.get(), &AbstractLock::acquired);
    lock->acquire({.pollInterval = 1h});
    QVERIFY(contended.wait(Patience));
    QVERIFY(!acquired.wait(50));
    other->kill();
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
}

void tst_NewPython::getsItWhenWeAreKilled()
{
    const auto other = python();
    OtherProcess us(m_kind, m_path);
    QCOMPARE(us.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    other->tell(QStringLiteral("acquire 20"));
    QVERIFY(other->isSilent());
    us.kill();
    QCOMPARE(other->hear(), QStringLiteral("acquired"));
}

void tst_NewPython::losesNoUpdate()
{
    const QString counter = m_directory->filePath(QStringLiteral("counter"));
    QFile file(counter);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    const auto first = ours(); // until all are there
    QVERIFY(first->tryAcquire());
    constexpr int Each = 3;
    Counters counters;
    auto &theirs = counters.theirs;
    auto &own = counters.ours;
    for (int i = 0; i < Each; ++i) {
        theirs.push_back(newPython(m_kind, m_path, {QStringLiteral("poll_interval=0.005")}));
        theirs.back()->tell(QStringLiteral("count acquire %1 %2").arg(counter).arg(Rounds));
        own.push_back(std::make_unique<QProcess>());
        own.back()->start(QCoreApplication::applicationFilePath(), {QStringLiteral("count"), m_kind, m_path, counter});
    }
    for (const auto &process : own)
        QVERIFY(process->waitForStarted(Patience));
    QVERIFY(theirs.back()->isSilent());
    QVERIFY(first->release());
    counters.haveReached(2 * Each * Rounds, file);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 5 && std::strcmp(argv[1], "count") == 0)
        return count(QFile::decodeName(argv[2]), QFile::decodeName(argv[3]), QFile::decodeName(argv[4]));
    tst_NewPython test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_newpython.moc"
