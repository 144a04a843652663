// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "engine/softbackend.h"
#include "markers.h"
#include "nest.h"

#include <QtCore/qloggingcategory.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

namespace {

const QString AnyHex(16, u'a');

QByteArray readWriteMarker(std::int64_t process, const std::string &host)
{
    return "00112233445566778899aabbccddeeff\n" + softMarker(process, host);
}

} // namespace

/** Who reclaims a marker clears away what others, killed in the midst of the same, have left beside it. */
class tst_Leftovers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("holdfast.warning=false")); }
    void init();
    void goWithTheNextReclaim_data();
    void goWithTheNextReclaim();
    void areMarkersOfTheDead_data();
    void areMarkersOfTheDead();
    void areRecognisedByTheirName_data();
    void areRecognisedByTheirName();
    void areNotWhatSomebodyIsRemovingJustNow();
    void areRegularFiles();
    void areOldProbes_data();
    void areOldProbes();
    void areNotSoughtInOrdinaryTimes();

private:
    QString at(const QString &name) const { return m_directory->filePath(name); }
    QStringList others() const
    {
        return entriesOf(m_directory->path()).filter(QRegularExpression(QStringLiteral("^(?!some.lock$)")));
    }
    Attempt::Answer acquire() const
    {
        SoftBackend p({.path = QFile::encodeName(m_path).toStdString()}, m_lock);
        const Attempt attempt = p.attempt(LockMode::Exclusive);
        if (attempt.answer == Attempt::Acquired && p.release())
            qWarning() << "cannot be released";
        return attempt.answer;
    }
    bool reclaim() const
    {
        write(m_path, deadMarker());
        return acquire() == Attempt::Acquired;
    }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
    LockOptions m_lock;
};

void tst_Leftovers::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = at(QStringLiteral("some.lock"));
}

void tst_Leftovers::goWithTheNextReclaim_data()
{
    QTest::addColumn<bool>("isProbe");
    QTest::newRow("a marker, moved aside") << false;
    QTest::newRow("a probe") << true;
}

//   P.1 finds a marker that is stale, or torn, and is killed before it has deleted what it made of that
//   Q.1 finds another
void tst_Leftovers::goWithTheNextReclaim()
{
    QFETCH(bool, isProbe);
    if (isProbe)
        writeOld(m_path, "1\n");
    else
        write(m_path, deadMarker());
    const Child p([&] { // P.1
        Faults faults;
        if (isProbe)
            faults.fail(Call::Openat, EOPNOTSUPP, 3); // after its own marker and the other's: a probe without a name
        faults.before(Call::Unlinkat, 1, [] { ::kill(::getpid(), SIGKILL); });
        acquire();
        return false;
    });
    QCOMPARE(::waitpid(p.process(), nullptr, 0), p.process());
    QCOMPARE(others().size(), 1);
    if (isProbe)
        age(at(others().first()), 4000);
    QVERIFY(reclaim()); // Q.1
    QCOMPARE(others(), QStringList());
}

void tst_Leftovers::areMarkersOfTheDead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isLeft");
    const auto row = [](const char *claim, const QByteArray &bytes, bool isLeft) {
        QTest::newRow(claim) << bytes << isLeft;
    };
    const std::string host = currentOwner().host;
    row("a dead soft lock's", deadMarker(), true);
    row("a dead lease's", leaseMarker(deadProcess(), host), true);
    row("a dead reader's or writer's", readWriteMarker(deadProcess(), host), true);
    row("a living soft lock's", liveMarker(), false);
    row("a living lease's", leaseMarker(1, host), false);
    row("a living reader's or writer's", readWriteMarker(1, host), false);
    row("another host's", foreignMarker(), false);
    row("a text that was kept", "vm\n", false);
    row("a long text", QByteArray(5000, 'd'), false);
    row("nothing", "", false);
}

void tst_Leftovers::areMarkersOfTheDead()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isLeft);
    const QString name = QStringLiteral("some.lock.break.4711.") + AnyHex + AnyHex;
    writeOld(at(name), bytes, 86400);
    QVERIFY(reclaim());
    QCOMPARE(others(), isLeft ? QStringList() : QStringList(name));
    if (!isLeft)
        QCOMPARE(read(at(name)), bytes);
}

void tst_Leftovers::areRecognisedByTheirName_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name :
         {"other.lock.break.4711.%1%1", "some.lock.break.4711", "some.lock.break.0.%1%1", "some.lock.break.me.%1%1",
          "some.lock.break.4711.%1", "some.lock.break.4711.%1%1a", "some.lock.break.4711.%1%1.break.4711.%1%1",
          "some.lock.broke.4711.%1%1", "some.lock2.break.4711.%1%1", "some.lock.break.4711.AAAAAAAAAAAAAAAA%1"})
        QTest::newRow(name) << QString::fromLatin1(name).replace(QStringLiteral("%1"), AnyHex);
}

void tst_Leftovers::areRecognisedByTheirName()
{
    QFETCH(QString, name);
    write(at(name), deadMarker());
    QVERIFY(reclaim());
    QCOMPARE(others(), QStringList(name));
}

//   P.1 moves a marker aside, has it locked        Q.1 reclaims the next one        P.2 deletes it
void tst_Leftovers::areNotWhatSomebodyIsRemovingJustNow()
{
    const QString name = QStringLiteral("some.lock.break.4711.") + AnyHex + AnyHex;
    write(at(name), deadMarker());
    ForeignLock p(at(name)); // P.1
    QVERIFY(reclaim());      // Q.1
    QCOMPARE(others(), QStringList(name));
    p.release();
    QVERIFY(reclaim());
    QCOMPARE(others(), QStringList());
}

void tst_Leftovers::areRegularFiles()
{
    const QString dead = at(QStringLiteral("victim"));
    write(dead, deadMarker());
    QStringList kept{QStringLiteral(".some.lock.probe-") + AnyHex, QStringLiteral("victim")};
    for (const char *digit : {"1", "2"})
        kept += QStringLiteral("some.lock.break.%1.").arg(QLatin1String(digit)) + AnyHex + AnyHex;
    QCOMPARE(::mkfifo(qPrintable(at(kept.at(0))), 0666), 0);
    QVERIFY(QFile::link(dead, at(kept.at(2))));
    QVERIFY(QDir().mkdir(at(kept.at(3))));
    for (const QString &name : kept)
        age(at(name), 86400);
    QVERIFY(reclaim());
    kept.sort();
    QStringList found = others();
    found.sort();
    QCOMPARE(found, kept);
}

void tst_Leftovers::areOldProbes_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("seconds");
    QTest::addColumn<bool>("isLeft");
    const QString ours = QStringLiteral(".some.lock.probe-") + AnyHex;
    QTest::newRow("old") << ours << QByteArray() << 4000 << true;
    QTest::newRow("not old enough") << ours << QByteArray() << 3500 << false;
    QTest::newRow("of the future") << ours << QByteArray() << -4000 << false;
    QTest::newRow("with something in it") << ours << QByteArray("x") << 4000 << false;
    QTest::newRow("of another lock") << QStringLiteral(".other.lock.probe-") + AnyHex << QByteArray() << 4000 << false;
    QTest::newRow("with a digit more") << ours + u'a' << QByteArray() << 4000 << false;
    QTest::newRow("with another letter") << ours.chopped(1) + u'x' << QByteArray() << 4000 << false;
}

void tst_Leftovers::areOldProbes()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(int, seconds);
    QFETCH(bool, isLeft);
    writeOld(at(name), bytes, seconds);
    QVERIFY(reclaim());
    QCOMPARE(others(), isLeft ? QStringList() : QStringList(name));
}

void tst_Leftovers::areNotSoughtInOrdinaryTimes()
{
    Faults faults;
    QCOMPARE(acquire(), Attempt::Acquired);
    write(m_path, liveMarker());
    QCOMPARE(acquire(), Attempt::Busy);
    QCOMPARE(faults.count(Call::Fdopendir), 0);
    write(m_path, deadMarker());
    SoftBackend p({.path = QFile::encodeName(m_path).toStdString()}, m_lock);
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(p.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
        QVERIFY(!p.release());
    }
    QCOMPARE(faults.count(Call::Fdopendir), 1); // of the first
}

QTEST_GUILESS_MAIN(tst_Leftovers)
#include "tst_leftovers.moc"
