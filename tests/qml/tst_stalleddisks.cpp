// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A disk that does not answer: windows go on.

#include "otherprocess.h"
#include "stalleddisk.h"

#include <QtCore/qtemporarydir.h>
#include <QtCore/qtimer.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlengine.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>

class tst_StalledDisks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void holdUpNoAttempt_data() { kinds(); }
    void holdUpNoAttempt();
    void holdUpNoTimeout_data() { kinds(); }
    void holdUpNoTimeout();
    void holdUpNobodyWhoGivesBack_data() { kinds(); }
    void holdUpNobodyWhoGivesBack();
    void holdUpNoDestruction_data() { kinds(); }
    void holdUpNoDestruction();
    void mayFailToGiveBack();
    void areWaitedForByWhoWantsItBack_data() { kinds(); }
    void areWaitedForByWhoWantsItBack();

private:
    static void kinds();
    std::unique_ptr<QObject> create(const QString &type, QVariantMap properties);
    std::unique_ptr<QObject> create(const QVariantMap &properties = {});
    QString path() const { return m_directory->filePath(QStringLiteral("a.lock")); }

    QQmlEngine m_engine;
    std::unique_ptr<QTemporaryDir> m_directory;
};

namespace {

constexpr int Patience = 30'000;

enum Status { Idle, Waiting, Held, LockedByOther, Lost, Error };

int status(const std::unique_ptr<QObject> &lock)
{
    return lock->property("status").toInt();
}

QString heldPath(const std::unique_ptr<QObject> &lock)
{
    return lock->property("heldPath").toString();
}

/** Whether a timer of this thread goes on. */
bool goesOn()
{
    int ticks = 0;
    QTimer timer;
    timer.setInterval(5);
    QObject::connect(&timer, &QTimer::timeout, [&ticks] { ++ticks; });
    timer.start();
    return QTest::qWaitFor([&ticks] { return ticks >= 20; }, Patience);
}

} // namespace

void tst_StalledDisks::kinds()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("kind"); // of the helper program
    QTest::newRow("FileLock") << QStringLiteral("FileLock") << QStringLiteral("file");
    QTest::newRow("SoftFileLock") << QStringLiteral("SoftFileLock") << QStringLiteral("soft");
    QTest::newRow("SoftFileLease") << QStringLiteral("SoftFileLease") << QStringLiteral("lease");
    QTest::newRow("SoftReadWriteLock") << QStringLiteral("SoftReadWriteLock") << QStringLiteral("soft-rw");
}

void tst_StalledDisks::initTestCase()
{
    m_engine.addImportPath(QStringLiteral(HOLDFAST_QML_MODULES));
}

void tst_StalledDisks::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

std::unique_ptr<QObject> tst_StalledDisks::create(const QVariantMap &properties)
{
    QFETCH(QString, type);
    return create(type, properties);
}

std::unique_ptr<QObject> tst_StalledDisks::create(const QString &type, QVariantMap properties)
{
    QQmlComponent component(&m_engine);
    component.setData(QStringLiteral("import Holdfast; %1 { }").arg(type).toUtf8(), QUrl());
    properties.insert(QStringLiteral("path"), path());
    std::unique_ptr<QObject> made(component.createWithInitialProperties(properties));
    if (!made)
        qFatal("%s", qPrintable(component.errorString()));
    return made;
}

void tst_StalledDisks::holdUpNoAttempt()
{
    const auto lock = create();
    {
        const StalledDisk disk;
        lock->setProperty("active", true);
        QTRY_VERIFY_WITH_TIMEOUT(disk.waiting() > 0, Patience);
        QVERIFY(goesOn());
        QCOMPARE(status(lock), int(Waiting));
        QCOMPARE(disk.askedByItself(), 0);
    }
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Held), Patience);
}

void tst_StalledDisks::holdUpNoTimeout()
{
    const auto lock = create({{QStringLiteral("timeout"), 50}});
    {
        const StalledDisk disk;
        lock->setProperty("active", true);
        QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(LockedByOther), Patience);
        QVERIFY(disk.waiting() > 0);
        QCOMPARE(disk.askedByItself(), 0);
    }
    QMetaObject::invokeMethod(lock.get(), "acquire");
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Held), Patience);
}

void tst_StalledDisks::holdUpNobodyWhoGivesBack()
{
    QFETCH(QString, kind);
    OtherProcess other(kind, path());
    const auto lock = create({{QStringLiteral("active"), true}});
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Held), Patience);
    {
        const StalledDisk disk;
        lock->setProperty("active", false);
        QTRY_VERIFY_WITH_TIMEOUT(disk.waiting() > 0, Patience);
        QVERIFY(goesOn());
        QCOMPARE(status(lock), int(Idle));
        QCOMPARE(heldPath(lock), path()); // still
        QCOMPARE(disk.askedByItself(), 0);
        QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("busy"));
    }
    QTRY_COMPARE_WITH_TIMEOUT(heldPath(lock), QString(), Patience);
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
}

void tst_StalledDisks::holdUpNoDestruction()
{
    QFETCH(QString, kind);
    OtherProcess other(kind, path());
    auto lock = create({{QStringLiteral("active"), true}});
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Held), Patience);
    {
        const StalledDisk disk;
        lock.reset();
        QTRY_VERIFY_WITH_TIMEOUT(disk.waiting() > 0, Patience);
        QCOMPARE(disk.askedByItself(), 0);
        QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("busy"));
    }
    QCOMPARE(other.ask(QStringLiteral("block 20000")), QStringLiteral("acquired"));
}

// Then it is held again, and says so.
void tst_StalledDisks::mayFailToGiveBack()
{
    const auto lock = create(QStringLiteral("SoftFileLock"), {{QStringLiteral("active"), true}});
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Held), Patience);
    QSignalSpy failed(lock.get(), SIGNAL(errorOccurred(Holdfast::LockError)));
    QSignalSpy released(lock.get(), SIGNAL(released()));
    {
        const StalledDisk disk;
        QMetaObject::invokeMethod(lock.get(), "release");
        QCOMPARE(status(lock), int(Idle));
        QTRY_VERIFY_WITH_TIMEOUT(disk.waiting() > 0, Patience);
        StalledDisk::refuseRemoval();
    }
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Held), Patience);
    QCOMPARE(failed.size(), 1);
    QVERIFY(lock->property("errorString").toString().contains(path()));
    QCOMPARE(heldPath(lock), path());
    QVERIFY(QFile::exists(path()));
    QMetaObject::invokeMethod(lock.get(), "release");
    QTRY_COMPARE_WITH_TIMEOUT(released.size(), 1, Patience);
    QCOMPARE(heldPath(lock), QString());
    QVERIFY(!QFile::exists(path()));
}

void tst_StalledDisks::areWaitedForByWhoWantsItBack()
{
    const auto lock = create({{QStringLiteral("active"), true}, {QStringLiteral("timeout"), 0}});
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Held), Patience);
    {
        const StalledDisk disk;
        QMetaObject::invokeMethod(lock.get(), "release");
        QMetaObject::invokeMethod(lock.get(), "acquire");
        QVERIFY(goesOn());
        QCOMPARE(status(lock), int(Waiting));
        QCOMPARE(disk.askedByItself(), 0);
    }
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Held), Patience);
}

QTEST_GUILESS_MAIN(tst_StalledDisks)
#include "tst_stalleddisks.moc"
