// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One lock object per file in a process.

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(Holdfast::ReadWriteLockOptions)

class tst_SqliteShared : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isOneObjectHoweverThePathIsSpelled();
    void otherOptionsAreRefused_data();
    void otherOptionsAreRefused();
    void itsOptionsCannotBeChanged();
    void aClosedOneIsNeverHandedOut();
    void livesAsLongAsSomebodyHasIt();
    void aPathThatMeansNothingIsToldSo();

private:
    QString path(const char *name) const { return m_directory.filePath(QString::fromLatin1(name)); }
    QTemporaryDir m_directory;
};

void tst_SqliteShared::isOneObjectHoweverThePathIsSpelled()
{
    const SharedReadWriteLock one = ReadWriteLock::shared(path("a.db"));
    QVERIFY2(one, qPrintable(one.errorString));
    QVERIFY(QFile::link(path("a.db"), path("link.db")));
    QCOMPARE(ReadWriteLock::shared(path("./x/../a.db")).lock, one.lock);
    QCOMPARE(ReadWriteLock::shared(QDir::current().relativeFilePath(path("a.db"))).lock, one.lock);
    QCOMPARE(ReadWriteLock::shared(path("link.db")).lock, one.lock);
    QVERIFY(ReadWriteLock::shared(path("b.db")).lock != one.lock);
    QVERIFY(one->tryAcquireRead());
    QVERIFY(ReadWriteLock::shared(path("a.db"))->tryAcquireRead());
    QCOMPARE(one->depth(), 2);
}

void tst_SqliteShared::otherOptionsAreRefused_data()
{
    QTest::addColumn<ReadWriteLockOptions>("options");
    QTest::addColumn<QString>("name");
    const auto row = [](const char *name, const ReadWriteLockOptions &options) {
        QTest::newRow(name) << options << QString::fromLatin1(name);
    };
    row("timeout", {.timeout = 5s});
    row("pollInterval", {.pollInterval = 10ms});
    row("blocking", {.blocking = false});
    row("lifetime", {.lifetime = 1h});
    row("threadScope", {.threadScope = ThreadScope::Shared});
    row("mode", {.mode = LockMode::Shared});
    row("lossBound", {.lossBound = 1s});
}

void tst_SqliteShared::otherOptionsAreRefused()
{
    QFETCH(ReadWriteLockOptions, options);
    QFETCH(QString, name);
    const SharedReadWriteLock one = ReadWriteLock::shared(path("options.db"));
    QVERIFY(one);
    const SharedReadWriteLock other = ReadWriteLock::shared(path("options.db"), options);
    QVERIFY(!other);
    QCOMPARE(other.error, LockError::InvalidArgument);
    QVERIFY(other.errorString.contains(name) && other.errorString.contains(path("options.db")));
}

void tst_SqliteShared::itsOptionsCannotBeChanged()
{
    const SharedReadWriteLock one = ReadWriteLock::shared(path("frozen.db"));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("timeout .* cannot be changed")));
    QVERIFY(!one->setTimeout(1s));
    QCOMPARE(one->error(), LockError::Misuse);
}

void tst_SqliteShared::aClosedOneIsNeverHandedOut()
{
    const SharedReadWriteLock one = ReadWriteLock::shared(path("closed.db"));
    QVERIFY(one->tryAcquireWrite());
    one->close();
    const SharedReadWriteLock next = ReadWriteLock::shared(path("closed.db"));
    QVERIFY(next.lock != one.lock);
    QVERIFY(next->tryAcquireWrite());
    QVERIFY(!one->tryAcquireRead());
    QCOMPARE(one->error(), LockError::Misuse);
}

void tst_SqliteShared::livesAsLongAsSomebodyHasIt()
{
    std::weak_ptr<ReadWriteLock> weak;
    {
        const SharedReadWriteLock one = ReadWriteLock::shared(path("life.db"), {.timeout = 1s});
        weak = one.lock;
        QVERIFY(one->tryAcquireWrite());
    }
    QVERIFY(weak.expired());
    QVERIFY(ReadWriteLock::shared(path("life.db"))->tryAcquireWrite());
}

void tst_SqliteShared::aPathThatMeansNothingIsToldSo()
{
    const SharedReadWriteLock none = ReadWriteLock::shared(QString());
    QVERIFY(!none);
    QCOMPARE(none.error, LockError::InvalidArgument);
    QVERIFY(!ReadWriteLock::shared(path("options.db"), {.timeout = -7ms}));
}

QTEST_GUILESS_MAIN(tst_SqliteShared)
#include "tst_sqliteshared.moc"
