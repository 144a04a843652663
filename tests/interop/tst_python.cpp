// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The same lock file shared with Python's filelock, in both directions.

#include "otherprocess.h"

#include <holdfast/filelock.h>

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_Python : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void excludesUs();
    void isExcludedByUs();
    void wakesUs();
    void isNamedAsTheHolder();
    void freesWhenItIsKilled();
    void getsItWhenWeAreKilled();
    void losesNoUpdate();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("work.lock")); }
    std::unique_ptr<OtherProcess> python() const
    {
        return std::make_unique<OtherProcess>(QStringLiteral(PYTHON),
                                              QStringList{QStringLiteral(SOURCE_FOLDER "/lockprocess.py"), path()},
                                              QStringLiteral("ready"));
    }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Python::excludesUs()
{
    const auto other = python();
    FileLock lock(path());
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    QVERIFY(!lock.tryAcquire());
    QVERIFY(!lock.tryAcquireFor(80ms));
    QCOMPARE(lock.error(), LockError::None);
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock.tryAcquire());
}

void tst_Python::isExcludedByUs()
{
    const auto other = python();
    FileLock lock(path());
    QVERIFY(lock.tryAcquire());
    QCOMPARE(other->ask(QStringLiteral("acquire 0.1")), QStringLiteral("timedOut"));
    QVERIFY(lock.release());
    QCOMPARE(other->ask(QStringLiteral("acquire 20")), QStringLiteral("acquired"));
}

void tst_Python::wakesUs()
{
    const auto other = python();
    FileLock lock(path());
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    QSignalSpy contended(&lock, &FileLock::contended);
    QSignalSpy acquired(&lock, &FileLock::acquired);
    lock.acquire({.pollInterval = 1h});
    QVERIFY(contended.wait(30000));
    QVERIFY(!acquired.wait(50));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    if (acquired.isEmpty())
        QVERIFY(acquired.wait(30000));
}

void tst_Python::isNamedAsTheHolder()
{
    const auto other = python();
    FileLock lock(path());
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    QCOMPARE(lock.holder().processId, other->processId());
    QVERIFY(lock.holder().application.startsWith(QStringLiteral("python3")));
}

void tst_Python::freesWhenItIsKilled()
{
    const auto other = python();
    FileLock lock(path());
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    QSignalSpy contended(&lock, &FileLock::contended);
    QSignalSpy acquired(&lock, &FileLock::acquired);
    lock.acquire({.pollInterval = 1h});
    QVERIFY(contended.wait(30000));
    QVERIFY(!acquired.wait(50));
    other->kill();
    if (acquired.isEmpty())
        QVERIFY(acquired.wait(30000));
}

void tst_Python::getsItWhenWeAreKilled()
{
    const auto other = python();
    OtherProcess ours(QStringLiteral("file"), path());
    QCOMPARE(ours.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    other->tell(QStringLiteral("acquire 20"));
    QVERIFY(other->isSilent());
    ours.kill();
    QCOMPARE(other->hear(), QStringLiteral("acquired"));
}

void tst_Python::losesNoUpdate()
{
    const QString counter = m_directory->filePath(QStringLiteral("counter"));
    QFile file(counter);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    const auto one = python();
    const auto two = python();
    const QString command = QStringLiteral("count %1 150").arg(counter);
    one->tell(command);
    two->tell(command);
    FileLock lock(path());
    for (int i = 0; i < 300; ++i) {
        QVERIFY(lock.tryAcquireFor(60s));
        QVERIFY(file.open(QIODevice::ReadWrite));
        const int value = file.readAll().toInt();
        file.seek(0);
        file.write(QByteArray::number(value + 1));
        file.close();
        QVERIFY(lock.release());
    }
    QCOMPARE(one->hear(), QStringLiteral("counted"));
    QCOMPARE(two->hear(), QStringLiteral("counted"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().toInt(), 600);
}

QTEST_GUILESS_MAIN(tst_Python)
#include "tst_python.moc"
