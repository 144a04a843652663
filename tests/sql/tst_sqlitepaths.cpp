// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What can be the file of a read/write lock, and what cannot: a clear error that names it, and nothing in it is touched.

#include "otherprocess.h"

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtSql/qsqlquery.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

constexpr int Patience = 30000; // ms; only a hang takes that long

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

/** A database with a table in it, open for as long as this lives. */
class RealDatabase
{
public:
    RealDatabase(const QString &path, const QString &journalMode)
        : m_database(QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), path))
    {
        m_database.setDatabaseName(path);
        m_isMade = m_database.open();
        QSqlQuery query(m_database);
        for (const QString &statement :
             {QStringLiteral("PRAGMA journal_mode=") + journalMode, QStringLiteral("CREATE TABLE t(x)"),
              QStringLiteral("INSERT INTO t VALUES(1)")})
            m_isMade = m_isMade && query.exec(statement);
    }
    ~RealDatabase()
    {
        const QString name = m_database.connectionName();
        m_database = QSqlDatabase();
        QSqlDatabase::removeDatabase(name);
    }
    RealDatabase(const RealDatabase &) = delete;
    RealDatabase &operator=(const RealDatabase &) = delete;
    bool isMade() const { return m_isMade; }

private:
    QSqlDatabase m_database;
    bool m_isMade = false;
};

} // namespace

class tst_SqlitePaths : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void isAClearErrorInEveryForm_data();
    void isAClearErrorInEveryForm();
    void aDatabaseInUseIsRefusedAndUntouched_data();
    void aDatabaseInUseIsRefusedAndUntouched();
    void anUnwritableDirectoryIsAnError();
    void aReadOnlyDiskIsAnErrorAndReadersMayReadThere();
    void aFullDiskIsAnError();
    void makesTheDirectoriesAndLeavesAnEmptyFile();
    void aLinkAndItsTargetAreOneLock();
    void aPathThroughAMissingFolderLeadsToTheSameLock();
    void aRelativePathStaysWhereItWas();

private:
    QTemporaryDir m_directory;
};

void tst_SqlitePaths::initTestCase()
{
    const QString base = m_directory.path() + u'/';
    write(base + QStringLiteral("text"), "precious");
    write(base + QStringLiteral("marker"), "4711\nsome.host\n");
    QVERIFY(QDir(base).mkdir(QStringLiteral("directory")));
    QVERIFY(QFile::link(base + QStringLiteral("directory"), base + QStringLiteral("todirectory")));
    QVERIFY(QFile::link(base + QStringLiteral("text"), base + QStringLiteral("totext")));
    QVERIFY(mkfifo(qPrintable(base + QStringLiteral("fifo")), 0600) == 0);
    const RealDatabase database(base + QStringLiteral("real.db"), QStringLiteral("DELETE"));
    QVERIFY(database.isMade());
}

void tst_SqlitePaths::isAClearErrorInEveryForm_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<LockError>("error");
    const QString base = m_directory.path() + u'/';
    QTest::newRow("half a character") << QString(base + QChar(0xd800)) << LockError::InvalidArgument;
    QTest::newRow("empty") << QString() << LockError::InvalidArgument;
    QTest::newRow("NUL inside") << base + QString(QChar::Null) + u'x' << LockError::InvalidArgument;
    QTest::newRow("a directory") << base + QStringLiteral("directory") << LockError::NotAFile;
    QTest::newRow("a link to a directory") << base + QStringLiteral("todirectory") << LockError::NotAFile;
    QTest::newRow("a pipe") << base + QStringLiteral("fifo") << LockError::NotAFile;
    QTest::newRow("a device") << QStringLiteral("/dev/null") << LockError::NotAFile;
    QTest::newRow("below a file") << base + QStringLiteral("text/x.db") << LockError::NotAFile;
    QTest::newRow("a name of 256 bytes") << base + QString(256, u'n') << LockError::NameTooLong;
    QTest::newRow("a text") << base + QStringLiteral("text") << LockError::NotALockFile;
    QTest::newRow("a link to a text") << base + QStringLiteral("totext") << LockError::NotALockFile;
    QTest::newRow("a marker") << base + QStringLiteral("marker") << LockError::NotALockFile;
    QTest::newRow("a real database") << base + QStringLiteral("real.db") << LockError::NotALockFile;
}

void tst_SqlitePaths::isAClearErrorInEveryForm()
{
    QFETCH(QString, path);
    QFETCH(LockError, error);
    QString shown = path;
    shown.replace(QChar::Null, QStringLiteral("\\0"));
    shown.replace(QStringLiteral("/totext"), QStringLiteral("/text")); // links are followed
    shown.replace(QStringLiteral("/todirectory"), QStringLiteral("/directory"));
    const QByteArray before = QFileInfo(path).isFile() ? contentOf(path) : QByteArray();
    ReadWriteLock lock(path);
    const auto isClear = [&] {
        return lock.error() == error && lock.errorString().contains(shown) && lock.errorString().endsWith(u'.')
               && !lock.isHeld() && lock.state() == LockState::Idle;
    };
    for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive}) {
        QVERIFY(!(mode == LockMode::Shared ? lock.tryAcquireRead() : lock.tryAcquireWrite()));
        QVERIFY2(isClear(), qPrintable(QStringLiteral("%1 %2").arg(int(lock.error())).arg(lock.errorString())));
        QVERIFY(!lock.tryAcquireFor(-1ms, {.mode = mode})); // would hang if it were taken for busy
        QVERIFY(isClear());
        QSignalSpy failed(&lock, &ReadWriteLock::errorOccurred);
        lock.acquire({.mode = mode});
        QVERIFY(failed.wait(Patience));
        QCOMPARE(failed.first().first().value<LockError>(), error);
        QVERIFY(isClear());
    }
    QVERIFY(!lock.holder().isValid());
    QCOMPARE(QFileInfo(path).isFile() ? contentOf(path) : QByteArray(), before);
}

void tst_SqlitePaths::aDatabaseInUseIsRefusedAndUntouched_data()
{
    QTest::addColumn<QString>("journal");
    QTest::newRow("with a write-ahead log") << QStringLiteral("WAL");
    QTest::newRow("with a rollback journal") << QStringLiteral("DELETE");
}

void tst_SqlitePaths::aDatabaseInUseIsRefusedAndUntouched()
{
    QFETCH(QString, journal);
    const QString path = m_directory.filePath(QStringLiteral("used-%1.db").arg(journal));
    const RealDatabase database(path, journal);
    QVERIFY(database.isMade());
    const QStringList before = QDir(m_directory.path()).entryList(QDir::Files);
    const auto other = std::make_unique<OtherProcess>(QStringLiteral("sqlite-rw"), path);
    for (const char *verb : {"tryRead", "tryWrite", "acquireRead -1", "acquireWrite -1"}) {
        const QString answer = other->ask(QString::fromLatin1(verb));
        QVERIFY2(answer.startsWith(QStringLiteral("failed Cannot lock \"%1\": there are ").arg(path)),
                 qPrintable(answer));
    }
    QVERIFY(other->end());
    QCOMPARE(QDir(m_directory.path()).entryList(QDir::Files), before);
}

void tst_SqlitePaths::anUnwritableDirectoryIsAnError()
{
    QTemporaryDir directory;
    QVERIFY(::chmod(qPrintable(directory.path()), 0555) == 0);
    const QString path = directory.filePath(QStringLiteral("x.db"));
    const bool isRoot = geteuid() == 0;
    if (isRoot)
        QVERIFY(seteuid(65534) == 0); // nobody
    ReadWriteLock lock(path);
    const bool refused = !lock.tryAcquireReadFor(-1ms) && !lock.tryAcquireWriteFor(-1ms);
    if (isRoot)
        QVERIFY(seteuid(0) == 0);
    QVERIFY(refused);
    QCOMPARE(lock.error(), LockError::PermissionDenied);
    QVERIFY(lock.errorString().contains(path));
}

void tst_SqlitePaths::aReadOnlyDiskIsAnErrorAndReadersMayReadThere()
{
    QTemporaryDir mounted;
    const QByteArray at = QFile::encodeName(mounted.path());
    if (::mount("tmpfs", at.constData(), "tmpfs", 0, "size=1m") != 0)
        QSKIP("this user, or this place, cannot mount a disk");
    write(mounted.filePath(QStringLiteral("old.db")), QByteArray());
    QVERIFY(::mount("tmpfs", at.constData(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=1m") == 0);
    {
        ReadWriteLock fresh(mounted.filePath(QStringLiteral("new.db")));
        QVERIFY(!fresh.tryAcquireReadFor(-1ms));
        QCOMPARE(fresh.error(), LockError::ReadOnlyLocation);
        ReadWriteLock old(mounted.filePath(QStringLiteral("old.db")));
        QVERIFY2(old.tryAcquireRead(), qPrintable(old.errorString()));
        QVERIFY(old.release());
        QVERIFY(!old.tryAcquireWriteFor(-1ms));
        QCOMPARE(old.error(), LockError::ReadOnlyLocation);
        QVERIFY(old.errorString().contains(old.path()));
    }
    QVERIFY(::umount(at.constData()) == 0); // nothing is left open
}

void tst_SqlitePaths::aFullDiskIsAnError()
{
    QTemporaryDir mounted;
    const QByteArray at = QFile::encodeName(mounted.path());
    if (::mount("tmpfs", at.constData(), "tmpfs", 0, "size=1m,nr_inodes=2") != 0)
        QSKIP("this user, or this place, cannot mount a disk");
    {
        ReadWriteLock first(mounted.filePath(QStringLiteral("a.db")));
        QVERIFY(first.tryAcquireWrite());
        ReadWriteLock second(mounted.filePath(QStringLiteral("b.db")));
        QVERIFY(!second.tryAcquireWriteFor(-1ms));
        QCOMPARE(second.error(), LockError::NoSpace);
        QVERIFY(second.errorString().contains(second.path()));
        QVERIFY(first.verifyHeld());
    }
    QVERIFY(::umount(at.constData()) == 0);
}

void tst_SqlitePaths::makesTheDirectoriesAndLeavesAnEmptyFile()
{
    const mode_t before = ::umask(022);
    const QString path = m_directory.filePath(QStringLiteral("deep/down/%1.db").arg(QStringLiteral("ä b?%&'")));
    {
        ReadWriteLock lock(path);
        QVERIFY(!QFile::exists(path)); // nothing is done before it is needed
        QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
        QVERIFY(lock.release());
        QVERIFY(lock.tryAcquireRead());
    }
    ::umask(before);
    QCOMPARE(QDir(m_directory.filePath(QStringLiteral("deep/down"))).entryList(QDir::Files | QDir::Hidden).size(), 1);
    QCOMPARE(QFileInfo(path).size(), 0);
    QCOMPARE(QFileInfo(path).permissions() & 0x777, QFileDevice::Permissions(0x644 & ~0x022));
}

void tst_SqlitePaths::aLinkAndItsTargetAreOneLock()
{
    const QString target = m_directory.filePath(QStringLiteral("target.db"));
    const QString link = m_directory.filePath(QStringLiteral("link.db"));
    QVERIFY(QFile::link(target, link)); // leads to nothing yet
    ReadWriteLock lock(link);
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    QVERIFY(QFileInfo(target).isFile());
    QCOMPARE(OtherProcess(QStringLiteral("sqlite-rw"), target).ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
    QVERIFY(lock.verifyHeld());
}

// The system does not resolve it; this library does, for all its locks.
void tst_SqlitePaths::aPathThroughAMissingFolderLeadsToTheSameLock()
{
    ReadWriteLock lock(m_directory.filePath(QStringLiteral("missing/../through.db")));
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    QVERIFY(lock.verifyHeld());
    const QString direct = m_directory.filePath(QStringLiteral("through.db"));
    QCOMPARE(OtherProcess(QStringLiteral("sqlite-rw"), direct).ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
    QVERIFY(QFile::remove(direct));
    QVERIFY(!lock.verifyHeld());
    QCOMPARE(lock.lossReason(), LossReason::Replaced);
}

void tst_SqlitePaths::aRelativePathStaysWhereItWas()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory.path()));
    ReadWriteLock lock(QStringLiteral("relative.db"));
    const bool acquired = lock.tryAcquireWrite();
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(acquired);
    QVERIFY(lock.verifyHeld());
    QVERIFY(lock.release());
    QVERIFY(lock.tryAcquireWrite());
    const QString path = m_directory.filePath(QStringLiteral("relative.db"));
    QCOMPARE(OtherProcess(QStringLiteral("sqlite-rw"), path).ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
    QCOMPARE(lock.holder().processId, QCoreApplication::applicationPid());
    QCOMPARE(lock.inspect().holder().processId, QCoreApplication::applicationPid());
}

QTEST_GUILESS_MAIN(tst_SqlitePaths)
#include "tst_sqlitepaths.moc"
