// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Engines and items that come and go: whatever is held or waited for goes with them, and nothing is left.

#include "otherprocess.h"

#include <holdfast/filelock.h>

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qtimer.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlengine.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <ctime>
#include <memory>

class tst_Engines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void anEngineTornDownGivesBack();
    void anEngineTornDownEndsItsWait();
    void twoEnginesExcludeEachOther();
    void cppAndQmlShareOneRegistry();
    void theEndOfTheApplicationGivesBack();
    void tenThousandItemsLeaveNothing_data();
    void tenThousandItemsLeaveNothing();
    void mayFlipAThousandTimesASecond_data();
    void mayFlipAThousandTimesASecond();
    void mayBeDestroyedInAHandler_data();
    void mayBeDestroyedInAHandler();
    void handlersMayDestroyTheirItem();

private:
    QString path(const QString &name = QStringLiteral("a.lock")) const { return m_directory->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

namespace {

constexpr int Patience = 30'000;
constexpr int PoolThreads = 8; ///< that the library has for its attempts: each has a descriptor for 30 idle seconds

/** An engine of its own that finds the module. */
class Engine : public QQmlEngine
{
public:
    Engine() { addImportPath(QStringLiteral(HOLDFAST_QML_MODULES)); }
};

std::unique_ptr<QObject> create(QQmlEngine &engine, const QString &type, const QVariantMap &properties)
{
    QQmlComponent component(&engine);
    component.setData((QStringLiteral("import Holdfast; ") + type + QStringLiteral(" { }")).toUtf8(), QUrl());
    std::unique_ptr<QObject> made(component.createWithInitialProperties(properties));
    if (!made)
        qWarning() << component.errors();
    return made;
}

bool isHeld(const std::unique_ptr<QObject> &lock)
{
    return lock->property("held").toBool();
}

int status(const std::unique_ptr<QObject> &lock)
{
    return lock->property("status").toInt();
}

enum Status { Idle, Waiting, Held, LockedByOther, Lost, Error }; // of a SingleInstance Held is Primary

/** What an item of @p type is to have, without an end to its wait. */
QVariantMap wishOf(const QString &type, const QTemporaryDir &directory)
{
    if (type == QStringLiteral("SingleInstance"))
        return {{QStringLiteral("key"), QStringLiteral("engines")}, {QStringLiteral("directory"), directory.path()}};
    return {{QStringLiteral("path"), directory.filePath(QStringLiteral("a.lock"))},
            {QStringLiteral("active"), true},
            {QStringLiteral("timeout"), -1}};
}

/** Runs the event loop until @p lock has that status, without the pauses of QTRY_COMPARE: for loops of thousands. */
bool reaches(const std::unique_ptr<QObject> &lock, Status wanted)
{
    QElapsedTimer time;
    time.start();
    while (status(lock) != wanted && time.elapsed() < Patience)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 100);
    return status(lock) == wanted;
}

/** What this thread has used of a processor, in ms, however many others want it, too. */
qint64 timeOfThisThread()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
}

qsizetype openDescriptors()
{
    return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size();
}

/** How often the event loop awakes in a while in which nothing is to be done. */
int awakenings()
{
    int count = 0;
    const auto connection =
        QObject::connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, [&count] { ++count; });
    QEventLoop loop;
    QTimer::singleShot(300, &loop, &QEventLoop::quit); // six polls of 50 ms would show
    loop.exec();
    QObject::disconnect(connection);
    return count;
}

} // namespace

void tst_Engines::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

void tst_Engines::anEngineTornDownGivesBack()
{
    for (const char *type : {"FileLock", "SoftFileLock", "SoftFileLease", "ReadWriteLock", "SoftReadWriteLock"}) {
        const QString place = path(QString::fromLatin1(type));
        auto engine = std::make_unique<Engine>();
        QQmlComponent component(engine.get());
        component.setData(QByteArray("import Holdfast; ") + type + " { active: true }", QUrl());
        // The engine owns the item's context, as it owns that of a window's content.
        QObject *lock = component.createWithInitialProperties({{QStringLiteral("path"), place}});
        lock->setParent(engine.get());
        QTRY_VERIFY_WITH_TIMEOUT(lock->property("held").toBool(), Patience);
        engine.reset();
        Engine another;
        const auto next = create(another, QString::fromLatin1(type),
                                 {{QStringLiteral("path"), place}, {QStringLiteral("active"), true}});
        QTRY_VERIFY2_WITH_TIMEOUT(isHeld(next), type, Patience);
    }
}

void tst_Engines::anEngineTornDownEndsItsWait()
{
    OtherProcess holder(QStringLiteral("file"), path());
    QCOMPARE(holder.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    auto engine = std::make_unique<Engine>();
    auto lock = create(*engine, QStringLiteral("FileLock"),
                       {{QStringLiteral("path"), path()}, {QStringLiteral("active"), true}});
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Waiting), Patience);
    lock.release()->setParent(engine.get());
    engine.reset();
    QCOMPARE(holder.ask(QStringLiteral("release")), QStringLiteral("released"));
    QTest::qWait(0);
    QCOMPARE(holder.ask(QStringLiteral("try")), QStringLiteral("acquired"));
}

void tst_Engines::twoEnginesExcludeEachOther()
{
    const QVariantMap wish{{QStringLiteral("path"), path()}, {QStringLiteral("active"), true}};
    Engine one;
    Engine two;
    auto a = create(one, QStringLiteral("FileLock"), wish);
    QTRY_VERIFY_WITH_TIMEOUT(isHeld(a), Patience);
    auto b = create(two, QStringLiteral("FileLock"), wish);
    QTRY_COMPARE_WITH_TIMEOUT(status(b), int(Waiting), Patience);
    a.reset();
    QTRY_VERIFY_WITH_TIMEOUT(isHeld(b), Patience);
}

void tst_Engines::cppAndQmlShareOneRegistry()
{
    Engine engine;
    const auto lock = create(engine, QStringLiteral("FileLock"),
                             {{QStringLiteral("path"), path()}, {QStringLiteral("active"), true}});
    QTRY_VERIFY_WITH_TIMEOUT(isHeld(lock), Patience);
    // Only a registry that both use can know that this very thread is the holder.
    Holdfast::FileLock mine(path());
    QVERIFY(!mine.tryAcquireFor(std::chrono::milliseconds(-1)));
    QCOMPARE(mine.error(), Holdfast::LockError::WouldDeadlock);
}

void tst_Engines::theEndOfTheApplicationGivesBack()
{
    Engine engine;
    const auto lock = create(engine, QStringLiteral("SoftFileLock"),
                             {{QStringLiteral("path"), path()}, {QStringLiteral("active"), true}});
    QTRY_VERIFY_WITH_TIMEOUT(isHeld(lock), Patience);
    QTimer::singleShot(0, qApp, &QCoreApplication::quit);
    QCoreApplication::exec();
    QVERIFY(!isHeld(lock));
    QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(path()), Patience);
}

void tst_Engines::tenThousandItemsLeaveNothing_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<bool>("isFree");
    QTest::addColumn<Status>("wanted");
    for (const char *type :
         {"FileLock", "SoftFileLock", "SoftFileLease", "ReadWriteLock", "SoftReadWriteLock", "DocumentLock"}) {
        QTest::addRow("%s, free", type) << QString::fromLatin1(type) << true << Held;
        QTest::addRow("%s, locked by other", type) << QString::fromLatin1(type) << false << Waiting;
    }
    QTest::newRow("SingleInstance, alone") << QStringLiteral("SingleInstance") << true << Held;
    QTest::newRow("SingleInstance, beside another")
        << QStringLiteral("SingleInstance") << false << Held; // they share it
}

void tst_Engines::tenThousandItemsLeaveNothing()
{
    QFETCH(QString, type);
    QFETCH(bool, isFree);
    QFETCH(Status, wanted);
    Engine engine;
    const QVariantMap wish = wishOf(type, *m_directory);
    auto other = create(engine, type, wish);
    QTRY_VERIFY_WITH_TIMEOUT(isHeld(other), Patience);
    if (isFree)
        other->setProperty("active", false);
    QTRY_COMPARE_WITH_TIMEOUT(isHeld(other), !isFree, Patience);
    QQmlComponent component(&engine);
    component.setData(QStringLiteral("import Holdfast; %1 { }").arg(type).toUtf8(), QUrl());
    qsizetype before = 0;
    for (int i = 0; i < 1000; ++i) { // fourteen types and states: more than 10,000
        const std::unique_ptr<QObject> lock(component.createWithInitialProperties(wish));
        QVERIFY(reaches(lock, wanted));
        if (i == 10) // what is made once is there by now
            before = openDescriptors() + PoolThreads;
    }
    other.reset();
    QTest::qWait(0);
    // What closes in the background closes soon.
    QTRY_VERIFY2_WITH_TIMEOUT(openDescriptors() <= before,
                              qPrintable(QStringLiteral("%1 > %2").arg(openDescriptors()).arg(before)), Patience);
    QTRY_VERIFY_WITH_TIMEOUT(awakenings() < 5, Patience); // what is on its way arrives first; what polls never ends
}

void tst_Engines::mayFlipAThousandTimesASecond_data()
{
    QTest::addColumn<bool>("isFree");
    QTest::addColumn<bool>("inOneTurn");
    QTest::newRow("free, each in its turn of the event loop") << true << false;
    QTest::newRow("free, all in one turn") << true << true;
    QTest::newRow("locked by other, each in its turn of the event loop") << false << false;
}

void tst_Engines::mayFlipAThousandTimesASecond()
{
    QFETCH(bool, isFree);
    QFETCH(bool, inOneTurn);
    OtherProcess other(QStringLiteral("file"), path());
    if (!isFree)
        QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    Engine engine;
    const auto lock = create(engine, QStringLiteral("FileLock"), {{QStringLiteral("path"), path()}});
    const qint64 before = timeOfThisThread();
    for (int i = 0; i < 2000; ++i) {
        lock->setProperty("active", i % 2 == 0);
        if (!inOneTurn)
            QCoreApplication::processEvents();
    }
    const qint64 used = timeOfThisThread() - before;
    QVERIFY2(used < 2000, qPrintable(QString::number(used)));
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Idle), Patience);
    lock->setProperty("active", true);
    QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(isFree ? Held : Waiting), Patience);
    if (!isFree)
        QCOMPARE(other.ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_VERIFY_WITH_TIMEOUT(isHeld(lock), Patience);
    lock->setProperty("active", false);
    QTRY_COMPARE_WITH_TIMEOUT(lock->property("heldPath").toString(), QString(), Patience);
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
}

void tst_Engines::mayBeDestroyedInAHandler_data()
{
    QTest::addColumn<QByteArray>("signal");
    QTest::addColumn<bool>("isFree");
    for (const char *name : {"activeChanged()", "pathChanged()", "statusChanged()"})
        QTest::newRow(name) << QByteArray(name) << true;
    for (const char *name : {"acquired()", "heldChanged()", "heldPathChanged()", "released()", "lossReasonChanged()",
                             "lost(Holdfast::LossReason)"})
        QTest::newRow(name) << QByteArray(name) << true;
    for (const char *name : {"timedOut()", "cancelled()", "contended(Holdfast::LockHolder)", "ownerChanged()"})
        QTest::newRow(name) << QByteArray(name) << false;
    for (const char *name : {"errorOccurred(Holdfast::LockError)", "errorChanged()"})
        QTest::newRow(name) << QByteArray(name) << true;
}

namespace {

/** Deletes an object in the midst of what it does. */
class Axe : public QObject
{
    Q_OBJECT

public:
    explicit Axe(std::unique_ptr<QObject> &victim) : m_victim(victim) { }
    int strokes = 0;

public Q_SLOTS:
    void strike()
    {
        ++strokes;
        m_victim.reset();
    }

private:
    std::unique_ptr<QObject> &m_victim;
};

/** Makes @p lock, which is given so long as nobody has destroyed it, emit its signals one after the other. */
void exercise(const std::unique_ptr<QObject> &lock, const QByteArray &signal, const QString &place)
{
    if (signal.startsWith("timedOut"))
        lock->setProperty("timeout", 20);
    if (signal.startsWith("lost") || signal.startsWith("lossReason"))
        lock->setProperty("lifetime", 1);
    const bool mustFail = signal.startsWith("error");
    lock->setProperty("path", mustFail ? QStringLiteral("/dev/null/a.lock") : place);
    if (lock)
        lock->setProperty("active", true);
    if (signal.startsWith("cancelled")) {
        QTRY_COMPARE_WITH_TIMEOUT(status(lock), int(Waiting), Patience);
        lock->setProperty("active", false);
    } else if (signal.startsWith("released")) {
        QTRY_VERIFY_WITH_TIMEOUT(isHeld(lock), Patience);
        QMetaObject::invokeMethod(lock.get(), "release");
    }
}

} // namespace

void tst_Engines::mayBeDestroyedInAHandler()
{
    QFETCH(QByteArray, signal);
    QFETCH(bool, isFree);
    OtherProcess other(QStringLiteral("file"), path());
    if (!isFree)
        QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    Engine engine;
    auto lock = create(engine, QStringLiteral("FileLock"), {});
    Axe axe(lock);
    QVERIFY(connect(lock.get(), QByteArray("2") + signal, &axe, SLOT(strike())));
    exercise(lock, signal, path());
    QTRY_COMPARE_WITH_TIMEOUT(axe.strokes, 1, Patience);
    QTest::qWait(0);
    if (!isFree)
        QCOMPARE(other.ask(QStringLiteral("release")), QStringLiteral("released"));
    QCOMPARE(other.ask(QStringLiteral("block 20000")), QStringLiteral("acquired"));
}

void tst_Engines::handlersMayDestroyTheirItem()
{
    Engine engine;
    QQmlComponent component(&engine);
    component.setData(R"(
        import QtQuick
        import Holdfast
        Item {
            id: root
            property string path
            property int count: 0
            function begin() { loader.active = true }
            Loader {
                id: loader
                active: false
                sourceComponent: Item {
                    FileLock {
                        path: root.path
                        active: true
                        onHeldChanged: if (held) loader.active = false
                    }
                    Component.onDestruction: if (++root.count < 20) Qt.callLater(root.begin)
                }
            }
            Component.onCompleted: begin()
        })",
                      QUrl());
    const std::unique_ptr<QObject> item(component.createWithInitialProperties({{QStringLiteral("path"), path()}}));
    QVERIFY2(item, qPrintable(component.errorString()));
    QTRY_COMPARE_WITH_TIMEOUT(item->property("count").toInt(), 20, Patience);
    OtherProcess other(QStringLiteral("file"), path());
    QCOMPARE(other.ask(QStringLiteral("block 20000")), QStringLiteral("acquired"));
}

QTEST_MAIN(tst_Engines)
#include "tst_engines.moc"
