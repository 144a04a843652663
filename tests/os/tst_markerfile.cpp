// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "faults.h"
#include "files.h"
#include "os/markerfile.h"

#include <QtTest/qtest.h>

#include <csignal>
#include <memory>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

using namespace Holdfast::os;
using namespace Holdfast::Testing;

class tst_MarkerFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void createsOnce();
    void takesWhateverIsThereForExisting_data();
    void takesWhateverIsThereForExisting();
    void neverFollowsALink();
    void obeysTheUmask();
    void setsAModeAgainstTheUmask();
    void isNotInheritedByPrograms();
    void writesAllWhateverItTakes_data();
    void writesAllWhateverItTakes();
    void tellsThatNothingIsWritten();
    void tellsWhyItCannotWrite_data();
    void tellsWhyItCannotWrite();
    void tellsThatTheDiskIsFull();
    void tellsWhyItCannotCreate_data();
    void tellsWhyItCannotCreate();
    void tellsWhatElseFails();
    void knowsItsFileWhateverItIsCalled();
    void refreshesItsFileWhateverHasItsName();
    void closesOnce();
    void leavesTheParentsFileAloneInAChild();

private:
    QString path(const char *name = "marker") const { return m_directory->filePath(QLatin1String(name)); }
    std::string name(const char *name = "marker") const { return QFile::encodeName(path(name)).toStdString(); }
    bool create(MarkerFile &file, unsigned mode = 0666) const
    {
        Result<bool> created = file.create(Directory::working(), name(), mode);
        return created && *created;
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_MarkerFile::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

void tst_MarkerFile::createsOnce()
{
    MarkerFile first;
    QVERIFY(!first.isOpen());
    QVERIFY(create(first));
    QVERIFY(first.isOpen());
    QVERIFY(first.write("first"));
    MarkerFile second;
    Result<bool> again = second.create(Directory::working(), name(), 0666);
    QVERIFY(again && !*again);
    QVERIFY(!second.isOpen());
    QCOMPARE(read(path()), QByteArray("first"));
    Result<Directory> directory = Directory::open(QFile::encodeName(m_directory->path()).toStdString());
    QVERIFY(directory);
    Result<bool> beside = second.create(*directory, "beside", 0666);
    QVERIFY(beside && *beside);
    QVERIFY(QFile::exists(path("beside")));
}

void tst_MarkerFile::takesWhateverIsThereForExisting_data()
{
    QTest::addColumn<QByteArray>("kind");
    for (const char *kind : {"directory", "pipe", "socket", "link to a file", "link to nothing", "link to itself"})
        QTest::newRow(kind) << QByteArray(kind);
}

void tst_MarkerFile::takesWhateverIsThereForExisting()
{
    QFETCH(QByteArray, kind);
    write(path("file"), "theirs");
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{AF_UNIX, {}};
    qstrncpy(address.sun_path, name("socket").c_str(), sizeof address.sun_path);
    QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    ::close(socket);
    QCOMPARE(::mkdir(name("directory").c_str(), 0700), 0);
    QCOMPARE(::mkfifo(name("pipe").c_str(), 0600), 0);
    QCOMPARE(::symlink("file", name("link to a file").c_str()), 0);
    QCOMPARE(::symlink("nothing", name("link to nothing").c_str()), 0);
    QCOMPARE(::symlink("link to itself", name("link to itself").c_str()), 0);
    MarkerFile file;
    Result<bool> created = file.create(Directory::working(), name(kind.constData()), 0666);
    QVERIFY(created && !*created);
}

void tst_MarkerFile::neverFollowsALink()
{
    write(path("victim"), "theirs");
    QCOMPARE(::symlink("victim", name().c_str()), 0);
    QCOMPARE(::symlink("planted", name("dangling").c_str()), 0);
    MarkerFile file;
    QVERIFY(!create(file));
    Result<bool> created = file.create(Directory::working(), name("dangling"), 0666);
    QVERIFY(created && !*created);
    QCOMPARE(read(path("victim")), QByteArray("theirs"));
    QVERIFY(!QFile::exists(path("planted")));
}

void tst_MarkerFile::obeysTheUmask()
{
    const mode_t before = ::umask(027);
    MarkerFile file;
    const bool created = create(file, 0666);
    ::umask(before);
    QVERIFY(created);
    Result<FileFacts> facts = file.facts();
    QVERIFY(facts);
    QCOMPARE(facts->mode, 0640U);
}

void tst_MarkerFile::setsAModeAgainstTheUmask()
{
    const mode_t before = ::umask(077);
    MarkerFile file;
    const bool created = create(file, 0600);
    const bool set = static_cast<bool>(file.setMode(0664));
    ::umask(before);
    QVERIFY(created && set);
    Result<FileFacts> facts = file.facts();
    QVERIFY(facts);
    QCOMPARE(facts->mode, 0664U);
}

void tst_MarkerFile::isNotInheritedByPrograms()
{
    MarkerFile file;
    QVERIFY(create(file));
    QVERIFY(::fcntl(static_cast<int>(file.descriptor()), F_GETFD) & FD_CLOEXEC);
}

void tst_MarkerFile::writesAllWhateverItTakes_data()
{
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("interruptions");
    QTest::newRow("at once") << 1000 << 0;
    QTest::newRow("in pieces") << 7 << 0;
    QTest::newRow("byte for byte") << 1 << 0;
    QTest::newRow("at once, interrupted") << 1000 << 20;
    QTest::newRow("in pieces, interrupted") << 7 << 20;
}

void tst_MarkerFile::writesAllWhateverItTakes()
{
    QFETCH(int, step);
    QFETCH(int, interruptions);
    MarkerFile file;
    QVERIFY(create(file));
    Faults faults;
    faults.shorten(Call::Write, static_cast<std::size_t>(step));
    faults.fail(Call::Write, EINTR, 2, interruptions);
    faults.fail(Call::Write, EINTR, 1, interruptions > 0 ? 1 : 0);
    const QByteArray bytes("29151\nhost\n4564968143935799161601706105914022163149293324252142009902\n");
    QVERIFY(file.write({bytes.constData(), static_cast<std::size_t>(bytes.size())}));
    QCOMPARE(read(path()), bytes);
    QVERIFY(file.write("more"));
    QCOMPARE(read(path()), bytes + "more");
    QVERIFY(file.write({}));
    QCOMPARE(read(path()), bytes + "more");
}

void tst_MarkerFile::tellsThatNothingIsWritten()
{
    MarkerFile file;
    QVERIFY(create(file));
    Faults faults;
    faults.shorten(Call::Write, 3, 1, 1);
    faults.shorten(Call::Write, 0, 2);
    const Status written = file.write("1234567");
    QVERIFY(!written);
    QCOMPARE(written.error().code, EIO);
    QCOMPARE(faults.count(Call::Write), 2);
}

void tst_MarkerFile::tellsWhyItCannotWrite_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("from");
    QTest::newRow("ENOSPC at once") << ENOSPC << 1;
    QTest::newRow("ENOSPC in the middle") << ENOSPC << 2;
    QTest::newRow("EDQUOT") << EDQUOT << 1;
    QTest::newRow("EIO") << EIO << 1;
    QTest::newRow("ESTALE in the middle") << ESTALE << 3;
    QTest::newRow("signals without end") << EINTR << 1;
}

void tst_MarkerFile::tellsWhyItCannotWrite()
{
    QFETCH(int, code);
    QFETCH(int, from);
    MarkerFile file;
    QVERIFY(create(file));
    Faults faults;
    faults.shorten(Call::Write, 2);
    faults.fail(Call::Write, code, from, ForEver);
    const Status written = file.write("1234567890");
    QVERIFY(!written);
    QCOMPARE(written.error().code, code);
    QCOMPARE(read(path()).size(), 2 * (from - 1));
    QVERIFY(file.isOpen()); // whoever created it decides what becomes of it
}

void tst_MarkerFile::tellsThatTheDiskIsFull()
{
    // The file size limit is the nearest thing to a full disk that a test may make; the signal is the system's habit.
    MarkerFile file;
    QVERIFY(create(file));
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit tight{4, before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    const Status written = file.write("1234567890");
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, handler);
    QVERIFY(!written);
    QVERIFY(written.error().kind == ErrorKind::NoSpace);
    QCOMPARE(read(path()), QByteArray("1234"));
}

void tst_MarkerFile::tellsWhyItCannotCreate_data()
{
    QTest::addColumn<int>("code");
    for (const int code : {EACCES, EROFS, ENOENT, ENOSPC, EIO, ESTALE, EMFILE, ELOOP, EISDIR})
        QTest::newRow(::strerrorname_np(code)) << code;
}

void tst_MarkerFile::tellsWhyItCannotCreate()
{
    QFETCH(int, code);
    Faults faults;
    faults.fail(Call::Openat, code);
    MarkerFile file;
    Result<bool> created = file.create(Directory::working(), name(), 0666);
    QVERIFY(!created);
    QCOMPARE(created.error().code, code);
    QVERIFY(!file.isOpen());
    QVERIFY(create(file));
    faults.fail(Call::Openat, EINTR, 1, 20);
    Result<bool> interrupted = file.create(Directory::working(), name("other"), 0666);
    QVERIFY(interrupted && *interrupted);
}

void tst_MarkerFile::tellsWhatElseFails()
{
    MarkerFile file;
    QVERIFY(create(file));
    Faults faults;
    for (const int code : {EIO, ESTALE, EACCES}) {
        faults.fail(Call::Fstat, code);
        QCOMPARE(file.facts().error().code, code);
        faults.fail(Call::Futimens, code);
        QCOMPARE(file.refresh().error().code, code);
        faults.fail(Call::Fchmod, code);
        QCOMPARE(file.setMode(0600).error().code, code);
    }
    QVERIFY(file.facts() && file.refresh() && file.setMode(0600));
    file.close();
    QCOMPARE(file.facts().error().code, EBADF);
    QCOMPARE(file.refresh().error().code, EBADF);
    QCOMPARE(file.write("x").error().code, EBADF);
}

void tst_MarkerFile::knowsItsFileWhateverItIsCalled()
{
    MarkerFile file;
    QVERIFY(create(file));
    Result<FileFacts> before = file.facts();
    QVERIFY(before);
    QVERIFY(before->type == FileFacts::Regular);
    QCOMPARE(before->links, std::uint64_t(1));
    QVERIFY(QFile::rename(path(), path("moved")));
    write(path(), "a successor's");
    Result<FileFacts> moved = file.facts();
    QVERIFY(moved && moved->identity == before->identity);
    Result<std::optional<FileFacts>> successor = Directory::working().facts(name());
    QVERIFY(successor && *successor && !((*successor)->identity == before->identity));
    QVERIFY(QFile::remove(path("moved")));
    Result<FileFacts> removed = file.facts();
    QVERIFY(removed && removed->identity == before->identity);
    QCOMPARE(removed->links, std::uint64_t(0));
}

void tst_MarkerFile::refreshesItsFileWhateverHasItsName()
{
    MarkerFile file;
    QVERIFY(create(file));
    write(path("victim"), "theirs");
    const timespec old[2] = {{1000, 0}, {1000, 0}};
    QCOMPARE(::futimens(static_cast<int>(file.descriptor()), old), 0);
    QCOMPARE(::utimensat(AT_FDCWD, name("victim").c_str(), old, 0), 0);
    QVERIFY(QFile::rename(path(), path("moved")));
    QCOMPARE(::symlink("victim", name().c_str()), 0);
    QVERIFY(file.refresh());
    Result<FileFacts> facts = file.facts();
    QVERIFY(facts);
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch();
    QVERIFY(qAbs(facts->modified / 1'000'000 - now) < 10'000);
    Result<std::optional<FileFacts>> victim = Directory::working().facts(name("victim"));
    QVERIFY(victim && *victim);
    QCOMPARE((*victim)->modified, std::int64_t(1'000'000'000'000));
}

void tst_MarkerFile::closesOnce()
{
    const QStringList before = openFiles();
    Faults faults;
    {
        MarkerFile file;
        QVERIFY(create(file));
        faults.fail(Call::Close, EINTR);
        file.close();
        QVERIFY(!file.isOpen());
        QCOMPARE(file.descriptor(), std::intptr_t(-1));
        file.close();
        QCOMPARE(faults.count(Call::Close), 1);
        Result<bool> other = file.create(Directory::working(), name("other"), 0666);
        QVERIFY(other && *other);
        Result<bool> third = file.create(Directory::working(), name("third"), 0666); // closes the other
        QVERIFY(third && *third);
        QCOMPARE(timesOpen(path("other")), 0);
    }
    QCOMPARE(faults.count(Call::Close), 3);
    QCOMPARE(openFiles(), before);
    QVERIFY(QFile::exists(path()));
}

void tst_MarkerFile::leavesTheParentsFileAloneInAChild()
{
    MarkerFile file;
    QVERIFY(create(file));
    const pid_t child = fork();
    if (child == 0) {
        file.abandon();
        file.abandon();
        _exit(!file.isOpen() && timesOpen(path()) == 0 ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    QVERIFY(file.write("still mine"));
    QCOMPARE(read(path()), QByteArray("still mine"));
}

QTEST_GUILESS_MAIN(tst_MarkerFile)
#include "tst_markerfile.moc"
