// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Paths that cannot be locked: a clear error that names them, nothing lost, nothing hangs.

#include <holdfast/filelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_BadPaths : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void isAClearErrorInEveryForm_data();
    void isAClearErrorInEveryForm();
    void aLinkTargetIsUntouched();
    void anUnwritableDirectoryIsAnError();

private:
    QTemporaryDir m_directory;
};

void tst_BadPaths::initTestCase()
{
    const QString base = m_directory.path();
    const auto at = [&base](const char *name) { return base + u'/' + QString::fromLatin1(name); };
    QFile file(at("file"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("precious") == 8);
    file.close();
    QVERIFY(QDir(base).mkdir(QStringLiteral("directory")));
    QVERIFY(QFile::link(at("missing"), at("dangling")));
    QVERIFY(QFile::link(at("file"), at("tofile")));
    QVERIFY(QFile::link(at("directory"), at("todirectory")));
    QVERIFY(mkfifo(qPrintable(at("fifo")), 0600) == 0);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, qPrintable(at("socket")), sizeof address.sun_path);
    QVERIFY(bind(socket, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0);
    ::close(socket);
}

void tst_BadPaths::isAClearErrorInEveryForm_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<LockError>("error");
    const QString base = m_directory.path() + u'/';
    QTest::newRow("half a character") << QString(base + QChar(0xd800)) << LockError::InvalidArgument;
    QTest::newRow("empty") << QString() << LockError::InvalidArgument;
    QTest::newRow("NUL inside") << base + QString(QChar::Null) + u'x' << LockError::InvalidArgument;
    QTest::newRow("a directory") << base + QStringLiteral("directory") << LockError::NotAFile;
    QTest::newRow("a directory by its slash") << base + QStringLiteral("new/") << LockError::NotAFile;
    QTest::newRow("the root") << QStringLiteral("/") << LockError::NotAFile;
    QTest::newRow("a pipe") << base + QStringLiteral("fifo") << LockError::NotAFile;
    QTest::newRow("a socket") << base + QStringLiteral("socket") << LockError::NotAFile;
    QTest::newRow("a device") << QStringLiteral("/dev/null") << LockError::NotAFile;
    QTest::newRow("a dangling link") << base + QStringLiteral("dangling") << LockError::NotAFile;
    QTest::newRow("a link to a file") << base + QStringLiteral("tofile") << LockError::NotAFile;
    QTest::newRow("a link to a directory") << base + QStringLiteral("todirectory") << LockError::NotAFile;
    QTest::newRow("below a file") << base + QStringLiteral("file/x.lock") << LockError::NotAFile;
    QTest::newRow("far below a file") << base + QStringLiteral("file/x/y.lock") << LockError::NotAFile;
    QTest::newRow("a name of 256 bytes") << base + QString(256, u'n') << LockError::NameTooLong;
    QTest::newRow("a path beyond the limit") << base + QStringLiteral("d/").repeated(2100) << LockError::NameTooLong;
}

void tst_BadPaths::isAClearErrorInEveryForm()
{
    QFETCH(QString, path);
    QFETCH(LockError, error);
    QString shown = path;
    shown.replace(QChar::Null, QStringLiteral("\\0"));
    FileLock lock(path);
    const auto isClear = [&] {
        return lock.error() == error && lock.errorString().contains(shown) && lock.errorString().endsWith(u'.')
               && !lock.isHeld() && lock.state() == LockState::Idle;
    };
    QVERIFY(!lock.tryAcquire());
    QVERIFY2(isClear(), qPrintable(QStringLiteral("%1 %2").arg(int(lock.error())).arg(lock.errorString())));
    QVERIFY(!lock.tryAcquireFor(-1ms)); // would hang if it were taken for busy
    QVERIFY(isClear());
    QSignalSpy failed(&lock, &FileLock::errorOccurred);
    lock.acquire();
    QVERIFY(failed.wait(30000));
    QCOMPARE(failed.first().first().value<LockError>(), error);
    QVERIFY(isClear());
    QVERIFY(!lock.holder().isValid());
    QVERIFY_EXCEPTION_THROWN(lock.lock(), std::system_error);
}

void tst_BadPaths::aLinkTargetIsUntouched()
{
    FileLock lock(m_directory.filePath(QStringLiteral("tofile")), {.contents = FileContents::Clear});
    QVERIFY(!lock.tryAcquire());
    QFile file(m_directory.filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("precious"));
    QVERIFY(!QFile::exists(m_directory.filePath(QStringLiteral("missing"))));
}

void tst_BadPaths::anUnwritableDirectoryIsAnError()
{
    QTemporaryDir directory;
    QVERIFY(::chmod(qPrintable(directory.path()), 0555) == 0);
    const QString path = directory.filePath(QStringLiteral("x.lock"));
    const QString deep = directory.filePath(QStringLiteral("sub/x.lock"));
    const bool isRoot = geteuid() == 0;
    if (isRoot)
        QVERIFY(seteuid(65534) == 0); // nobody
    FileLock lock(path);
    FileLock deeper(deep);
    const bool refused = !lock.tryAcquireFor(-1ms) && !deeper.tryAcquireFor(-1ms);
    if (isRoot)
        QVERIFY(seteuid(0) == 0);
    QVERIFY(refused);
    QCOMPARE(lock.error(), LockError::PermissionDenied);
    QVERIFY(lock.errorString().contains(path));
    QCOMPARE(deeper.error(), LockError::PermissionDenied);
    QVERIFY(deeper.errorString().contains(deep));
}

QTEST_GUILESS_MAIN(tst_BadPaths)
#include "tst_badpaths.moc"
