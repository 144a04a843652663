// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "../os/files.h"
#include "patience.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

#include <climits>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** What is really there, on a real disk, and is no lock file. */
class tst_BadPaths : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void refuses_data();
    void refuses();
    void namesWhatItRefuses_data();
    void namesWhatItRefuses();
    void leavesWhatItRefusesAsItWas();
    void doesNotDisturbTheReaderOfAPipe();
    void doesNotDisturbTheWriterOfAPipe();
    void isNotFooledByWhatIsPlantedWhileItLooks_data();
    void isNotFooledByWhatIsPlantedWhileItLooks();
    void takesTheLongestName();
    void takesNamesThatAreNoText();
    void endsWhereTheDescriptorsEnd();

private:
    QString at(const QString &name) const { return m_directory->filePath(name); }
    QByteArray encoded(const QString &name) const { return QFile::encodeName(at(name)); }
    void populate() const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

// Once the background thread has started, the process has all descriptors that it will have.
void tst_BadPaths::initTestCase()
{
    const QTemporaryDir directory;
    FileLock lock(directory.filePath(QStringLiteral("file.lock")), {.lifetime = 1h}); // so that it has a timer, too
    QVERIFY(lock.tryAcquire());
}

void tst_BadPaths::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    populate();
}

void tst_BadPaths::populate() const
{
    QDir(m_directory->path()).mkdir(QStringLiteral("directory"));
    write(at(QStringLiteral("file")), "contents");
    QCOMPARE(mkfifo(encoded(QStringLiteral("pipe")).constData(), 0666), 0);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, encoded(QStringLiteral("socket")).constData(), sizeof address.sun_path);
    QCOMPARE(::bind(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    ::close(descriptor);
    const auto link = [this](const char *target, const char *name) {
        QCOMPARE(::symlink(encoded(QLatin1String(target)).constData(), encoded(QLatin1String(name)).constData()), 0);
    };
    link("file", "link-to-file");
    link("directory", "link-to-directory");
    link("nowhere", "dangling-link");
    link("looping-link", "looping-link");
}

void tst_BadPaths::refuses_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<LockError>("error");
    const auto row = [](const char *claim, const QString &path, LockError error) {
        QTest::newRow(claim) << path << error;
    };
    const QString longName(256, QLatin1Char('n'));
    row("no path", QString(), LockError::InvalidArgument);
    row("a path with a NUL", QStringLiteral("%1/a") + QChar(QChar::Null) + QStringLiteral("b"),
        LockError::InvalidArgument);
    row("a directory", QStringLiteral("%1/directory"), LockError::NotAFile);
    row("a directory with a slash", QStringLiteral("%1/directory/"), LockError::NotAFile);
    row("a missing file with a slash", QStringLiteral("%1/missing/"), LockError::NotAFile);
    row("the root", QStringLiteral("/"), LockError::NotAFile);
    row("a pipe", QStringLiteral("%1/pipe"), LockError::NotAFile);
    row("a socket", QStringLiteral("%1/socket"), LockError::NotAFile);
    row("a device", QStringLiteral("/dev/null"), LockError::NotAFile);
    row("a link to a file", QStringLiteral("%1/link-to-file"), LockError::NotAFile);
    row("a link to a directory", QStringLiteral("%1/link-to-directory"), LockError::NotAFile);
    row("a dangling link", QStringLiteral("%1/dangling-link"), LockError::NotAFile);
    row("a looping link", QStringLiteral("%1/looping-link"), LockError::NotAFile);
    row("a looping link on the way", QStringLiteral("%1/looping-link/file"), LockError::NotAFile);
    row("a file for a parent", QStringLiteral("%1/file/below"), LockError::NotAFile);
    row("a file for a grandparent", QStringLiteral("%1/file/far/below"), LockError::NotAFile);
    row("a name of 256 bytes", QStringLiteral("%1/") + longName, LockError::NameTooLong);
    row("a directory's name of 256 bytes", QStringLiteral("%1/") + longName + QStringLiteral("/file"),
        LockError::NameTooLong);
    row("a path beyond PATH_MAX",
        QStringLiteral("%1/") + QStringLiteral("d/").repeated(PATH_MAX / 2) + QStringLiteral("f"),
        LockError::NameTooLong);
    row("a place where nothing can be created", QStringLiteral("/proc/no-such-lock"), LockError::NotFound);
}

void tst_BadPaths::refuses()
{
    QFETCH(QString, path);
    QFETCH(LockError, error);
    if (path.contains(QLatin1String("%1")))
        path = path.arg(m_directory->path());
    const QStringList before = openFiles();
    for (const LockMode mode : {LockMode::Exclusive, LockMode::Shared}) {
        FileLock lock(path, {.mode = mode, .contents = FileContents::Clear});
        QVERIFY(!lock.tryAcquire());
        QCOMPARE(lock.error(), error);
        const QString shown = path.section(QChar(QChar::Null), 0, 0); // as far as it can be shown
        QVERIFY2(lock.errorString().contains(shown), qPrintable(lock.errorString()));
        QVERIFY(!lock.tryAcquireFor(1h)); // it is not contention: no wait
        QCOMPARE(lock.error(), error);
        int failures = 0;
        connect(&lock, &FileLock::errorOccurred, this, [&] { ++failures; });
        lock.acquire();
        QVERIFY(comesTrue([&] { return failures > 0; }));
        QCOMPARE(failures, 1);
        QVERIFY(!lock.isHeld());
        QVERIFY(!lock.holder().isValid());
    }
    QCOMPARE(openFiles(), before);
}

void tst_BadPaths::namesWhatItRefuses_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("name");
    QTest::newRow("a directory") << QStringLiteral("%1/directory") << QStringLiteral("it is a directory");
    QTest::newRow("a pipe") << QStringLiteral("%1/pipe") << QStringLiteral("it is a pipe");
    QTest::newRow("a socket") << QStringLiteral("%1/socket") << QStringLiteral("it is a socket");
    QTest::newRow("a device") << QStringLiteral("/dev/null") << QStringLiteral("it is a device");
    QTest::newRow("a link") << QStringLiteral("%1/link-to-file") << QStringLiteral("it is a symbolic link");
}

void tst_BadPaths::namesWhatItRefuses()
{
    QFETCH(QString, path);
    QFETCH(QString, name);
    FileLock lock(path.replace(QStringLiteral("%1"), m_directory->path()));
    QVERIFY(!lock.tryAcquire());
    QVERIFY2(lock.errorString().contains(name), qPrintable(lock.errorString()));
}

void tst_BadPaths::leavesWhatItRefusesAsItWas()
{
    FileLock lock(at(QStringLiteral("link-to-file")),
                  {.permissions = QFileDevice::ReadOwner, .contents = FileContents::Clear});
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(read(at(QStringLiteral("file"))), QByteArray("contents"));
    QVERIFY(QFile::permissions(at(QStringLiteral("file"))) & QFileDevice::WriteOwner);
    FileLock dangling(at(QStringLiteral("dangling-link")));
    QVERIFY(!dangling.tryAcquire());
    QVERIFY(!QFile::exists(at(QStringLiteral("nowhere"))));
}

// Somebody waits in open() for the other end of the pipe. Our open would be that other end, and our close its end of file.
void tst_BadPaths::doesNotDisturbTheReaderOfAPipe()
{
    const QByteArray pipe = encoded(QStringLiteral("pipe"));
    std::atomic<pid_t> number{0};
    std::atomic<bool> opened{false};
    QByteArray heard;
    std::jthread reader([&] {
        number = gettid();
        const int descriptor = ::open(pipe.constData(), O_RDONLY | O_CLOEXEC);
        opened = true;
        char text[16];
        const ssize_t size = ::read(descriptor, text, sizeof text);
        heard = QByteArray(text, static_cast<int>(std::max<ssize_t>(size, 0)));
        ::close(descriptor);
    });
    const bool waits = comesTrueElsewhere(
        [&] { return number != 0 && read(QStringLiteral("/proc/self/task/%1/stat").arg(number)).contains(") S "); });
    FileLock lock(at(QStringLiteral("pipe")));
    bool acquired = false;
    bool disturbed = false;
    {
        Faults faults; // if the pipe is opened at all, the reader comes through: give it the time
        faults.after(Call::Open, 1, [&] { disturbed = comesTrueElsewhere([&] { return opened.load(); }); });
        acquired = lock.tryAcquire();
    }
    const int writer = ::open(pipe.constData(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (writer >= 0) {
        [[maybe_unused]] const ssize_t size = ::write(writer, "hello", 5);
        ::close(writer);
    }
    reader.join();
    QVERIFY(waits);
    QVERIFY(!acquired);
    QCOMPARE(lock.error(), LockError::NotAFile);
    QVERIFY2(!disturbed, "the reader was woken by our open");
    QCOMPARE(heard, QByteArray("hello"));
}

void tst_BadPaths::doesNotDisturbTheWriterOfAPipe()
{
    const QByteArray pipe = encoded(QStringLiteral("pipe"));
    // Non-blocking, this finds no reader, before and after: nothing of ours stays open.
    QCOMPARE(::open(pipe.constData(), O_WRONLY | O_CLOEXEC | O_NONBLOCK), -1);
    FileLock lock(at(QStringLiteral("pipe")));
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(::open(pipe.constData(), O_WRONLY | O_CLOEXEC | O_NONBLOCK), -1);
    QCOMPARE(errno, ENXIO);
}

void tst_BadPaths::isNotFooledByWhatIsPlantedWhileItLooks_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("a link to somebody's file") << QStringLiteral("link-to-file");
    QTest::newRow("a dangling link") << QStringLiteral("dangling-link");
    QTest::newRow("a pipe") << QStringLiteral("pipe");
    QTest::newRow("a directory") << QStringLiteral("directory");
}

//   P.1 finds nothing in the way      Q.1 puts something there      P.2 opens it
void tst_BadPaths::isNotFooledByWhatIsPlantedWhileItLooks()
{
    QFETCH(QString, what);
    FileLock lock(at(QStringLiteral("new.lock")), {.contents = FileContents::Clear});
    Faults faults;
    faults.before(Call::Open, 1, [&] { QVERIFY(QDir().rename(at(what), lock.path())); }); // Q.1
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::NotAFile);
    QCOMPARE(timesOpen(m_directory->path()), 0);
    QCOMPARE(read(at(QStringLiteral("file"))), QByteArray("contents"));
    QVERIFY(!QFile::exists(at(QStringLiteral("nowhere"))));
}

void tst_BadPaths::takesTheLongestName()
{
    FileLock lock(at(QString(255, QLatin1Char('n'))));
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
}

void tst_BadPaths::takesNamesThatAreNoText()
{
    for (const QString &name : {QStringLiteral(" "), QStringLiteral("new\nline"), QStringLiteral("%1 %2"),
                                QStringLiteral("ÄÖ ☃"), QStringLiteral("-n"), QStringLiteral("a\"b")}) {
        FileLock lock(at(name));
        QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
        QVERIFY(QFile::exists(at(name)));
    }
    // Placeholders in a path must not be filled in by an error's text.
    FileLock bad(at(QStringLiteral("file/%1 %2 %5")));
    QVERIFY(!bad.tryAcquire());
    QVERIFY2(bad.errorString().contains(at(QStringLiteral("file/%1 %2 %5"))), qPrintable(bad.errorString()));
}

void tst_BadPaths::endsWhereTheDescriptorsEnd()
{
    FileLock held(at(QStringLiteral("held")));
    QVERIFY(held.tryAcquire());
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
    const int next = ::dup(0); // the lowest free number: everything from here on is refused
    ::close(next);
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(next);
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &tight), 0);
    FileLock lock(at(QStringLiteral("one-more")));
    const bool acquired = lock.tryAcquire();
    const LockError error = lock.error();
    const bool released = held.release(); // giving back needs none
    setrlimit(RLIMIT_NOFILE, &before);
    QVERIFY(!acquired);
    QCOMPARE(error, LockError::OutOfResources);
    QVERIFY(released);
    QVERIFY(lock.tryAcquire());
}

QTEST_GUILESS_MAIN(tst_BadPaths)
#include "tst_badpaths.moc"
