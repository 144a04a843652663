// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "faults.h"
#include "files.h"
#include "os/markerreader.h"

#include <QtTest/qtest.h>

#include <memory>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

using namespace Holdfast::os;
using namespace Holdfast::Testing;

namespace {

constexpr std::size_t Limit = 1024;

} // namespace

class tst_MarkerReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsWhatIsThere_data();
    void readsWhatIsThere();
    void readsNoMoreThanItMust();
    void readsAnEndlessFileInNoTime();
    void tellsThatItIsMissing();
    void doesNotEvenOpenWhatIsNoFile_data();
    void doesNotEvenOpenWhatIsNoFile();
    void isNotCaughtByASwap_data();
    void isNotCaughtByASwap();
    void isMissingWhenItVanishesInBetween();
    void goesOnAfterAShortRead();
    void takesTheEndForTheEnd();
    void seesWhatIsWrittenMeanwhile();
    void readsTheSameFileAgain();
    void seesThatItIsGone();
    void hasNothingToReadAgain();
    void refreshesWhatItHasOpen();
    void tellsWhyItCannotRead_data();
    void tellsWhyItCannotRead();
    void repeatsInterruptedCalls();
    void keepsOneDescriptor();
    void isOnlyClosedInTheChildOfAFork();

private:
    QString path(const char *name = "marker") const { return m_directory->filePath(QLatin1String(name)); }
    std::string name(const char *name = "marker") const { return QFile::encodeName(path(name)).toStdString(); }
    std::optional<MarkerContent> read(MarkerReader &reader, const char *name = "marker") const
    {
        Result<std::optional<MarkerContent>> content = reader.read(Directory::working(), this->name(name), Limit);
        if (!content)
            qFatal("read: %s", content.error().words().c_str());
        return *content;
    }
    void make(const QByteArray &kind, const std::string &name) const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_MarkerReader::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

// Something of that kind under that name.
void tst_MarkerReader::make(const QByteArray &kind, const std::string &name) const
{
    write(path("target"), "somebody else's");
    if (kind == "directory")
        QCOMPARE(::mkdir(name.c_str(), 0700), 0);
    if (kind == "pipe")
        QCOMPARE(::mkfifo(name.c_str(), 0600), 0);
    if (kind == "link")
        QCOMPARE(::symlink("target", name.c_str()), 0);
    if (kind == "dangling link")
        QCOMPARE(::symlink("nowhere", name.c_str()), 0);
    if (kind != "socket")
        return;
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{AF_UNIX, {}};
    qstrncpy(address.sun_path, name.c_str(), sizeof address.sun_path);
    QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    ::close(socket);
}

void tst_MarkerReader::readsWhatIsThere_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a marker") << QByteArray("29151\nhost\n45649681439357991616017061\n");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("zeros") << QByteArray(24, '\0');
    QTest::newRow("as much as is allowed") << QByteArray(Limit, 'x');
}

void tst_MarkerReader::readsWhatIsThere()
{
    QFETCH(QByteArray, bytes);
    write(path(), bytes);
    MarkerReader reader;
    const auto content = read(reader);
    QVERIFY(content.has_value());
    QCOMPARE(QByteArray::fromStdString(content->bytes), bytes);
    QCOMPARE(content->facts.size, std::int64_t(bytes.size()));
    Result<std::optional<FileFacts>> facts = Directory::working().facts(name());
    QVERIFY(facts && *facts == content->facts);
    Result<Directory> directory = Directory::open(QFile::encodeName(m_directory->path()).toStdString());
    QVERIFY(directory);
    Result<std::optional<MarkerContent>> inside = reader.read(*directory, "marker", Limit);
    QVERIFY(inside && *inside);
    QCOMPARE((*inside)->bytes, content->bytes);
}

void tst_MarkerReader::readsNoMoreThanItMust()
{
    write(path(), QByteArray(5000, 'x'));
    MarkerReader reader;
    Faults faults;
    QCOMPARE(read(reader)->bytes.size(), Limit + 1);
    QCOMPARE(faults.count(Call::Pread), 1);
    Result<std::optional<MarkerContent>> few = reader.read(Directory::working(), name(), 24);
    QVERIFY(few && *few);
    QCOMPARE((*few)->bytes.size(), std::size_t(25));
    write(path(), "29151\nhost\n");
    read(reader);
    QCOMPARE(faults.count(Call::Pread), 3); // a whole record takes one
}

void tst_MarkerReader::readsAnEndlessFileInNoTime()
{
    constexpr off_t gibibyte = 1 << 30;
    write(path(), {});
    QCOMPARE(::truncate(name().c_str(), gibibyte), 0);
    MarkerReader reader;
    const auto content = read(reader);
    QVERIFY(content.has_value());
    QCOMPARE(content->facts.size, std::int64_t(gibibyte));
    QCOMPARE(content->bytes, std::string(Limit + 1, '\0'));
}

void tst_MarkerReader::tellsThatItIsMissing()
{
    MarkerReader reader;
    QVERIFY(!read(reader).has_value());
    QVERIFY(!read(reader, "no/such/directory").has_value());
    QCOMPARE(reader.descriptor(), std::intptr_t(-1));
    write(path("file"), "x");
    QVERIFY(read(reader, "file").has_value());
    QVERIFY(!read(reader).has_value());
    QCOMPARE(reader.descriptor(), std::intptr_t(-1)); // no longer the other one
}

void tst_MarkerReader::doesNotEvenOpenWhatIsNoFile_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<int>("type");
    QTest::newRow("directory") << QByteArray("directory") << int(FileFacts::Directory);
    QTest::newRow("pipe") << QByteArray("pipe") << int(FileFacts::Other);
    QTest::newRow("socket") << QByteArray("socket") << int(FileFacts::Other);
    QTest::newRow("link") << QByteArray("link") << int(FileFacts::Link);
    QTest::newRow("dangling link") << QByteArray("dangling link") << int(FileFacts::Link);
}

void tst_MarkerReader::doesNotEvenOpenWhatIsNoFile()
{
    QFETCH(QByteArray, kind);
    QFETCH(int, type);
    make(kind, name());
    Faults faults;
    MarkerReader reader;
    const auto content = read(reader);
    QVERIFY(content.has_value());
    QCOMPARE(int(content->facts.type), type);
    QVERIFY(content->facts.modified > 0);
    QVERIFY(content->bytes.empty());
    QCOMPARE(faults.count(Call::Openat), 0);
    QCOMPARE(reader.descriptor(), std::intptr_t(-1));
}

// P.1 looks: a regular file. Q.1 puts something else there. P.2 opens.
void tst_MarkerReader::isNotCaughtByASwap_data()
{
    doesNotEvenOpenWhatIsNoFile_data();
}

void tst_MarkerReader::isNotCaughtByASwap()
{
    QFETCH(QByteArray, kind);
    QFETCH(int, type);
    write(path(), "a marker");
    const QStringList before = openFiles();
    Faults faults;
    faults.after(Call::Fstatat, 1, [&] {
        QCOMPARE(::unlink(name().c_str()), 0);
        make(kind, name());
    });
    MarkerReader reader;
    Result<std::optional<MarkerContent>> content = reader.read(Directory::working(), name(), Limit);
    if (kind == "directory" || kind == "pipe") { // can be opened, and then be seen for what they are
        QVERIFY(content && *content);
        QCOMPARE(int((*content)->facts.type), type);
        QVERIFY((*content)->bytes.empty());
    } else {
        QVERIFY(!content);
        QVERIFY(content.error().kind == ErrorKind::NotAFile);
    }
    QCOMPARE(reader.descriptor(), std::intptr_t(-1));
    QCOMPARE(openFiles(), before);
}

void tst_MarkerReader::isMissingWhenItVanishesInBetween()
{
    write(path(), "a marker");
    Faults faults;
    faults.after(Call::Fstatat, 1, [&] { QCOMPARE(::unlink(name().c_str()), 0); });
    MarkerReader reader;
    QVERIFY(!read(reader).has_value());
}

void tst_MarkerReader::goesOnAfterAShortRead()
{
    const QByteArray bytes("29151\nhost\n4564968143935799161601706\n");
    write(path(), bytes);
    Faults faults;
    faults.shorten(Call::Pread, 5);
    MarkerReader reader;
    QCOMPARE(QByteArray::fromStdString(read(reader)->bytes), bytes);
    write(path(), QByteArray(3000, 'x'));
    QCOMPARE(read(reader)->bytes.size(), Limit + 1);
}

void tst_MarkerReader::takesTheEndForTheEnd()
{
    write(path(), "1234567890");
    Faults faults;
    faults.shorten(Call::Pread, 4, 1, 1);
    faults.before(Call::Pread, 2, [&] { QCOMPARE(::truncate(name().c_str(), 4), 0); });
    MarkerReader reader;
    QCOMPARE(read(reader)->bytes, std::string("1234"));
}

// P.1 looks at an empty file. Q.1, who has just created it, writes. P.2 reads.
void tst_MarkerReader::seesWhatIsWrittenMeanwhile()
{
    write(path(), {});
    Faults faults;
    faults.after(Call::Fstat, 1, [&] { write(path(), "1\nhost\n"); });
    MarkerReader reader;
    QCOMPARE(read(reader)->bytes, std::string("1\nhost\n"));
}

void tst_MarkerReader::readsTheSameFileAgain()
{
    write(path(), "first");
    MarkerReader reader;
    const auto first = read(reader);
    QVERIFY(QFile::rename(path(), path("aside")));
    write(path(), "another's");
    {
        QFile file(path("aside"));
        QVERIFY(file.open(QIODevice::Append));
        file.write(" and more");
    }
    Result<std::optional<MarkerContent>> again = reader.readAgain();
    QVERIFY(again && *again);
    QCOMPARE((*again)->bytes, std::string("first and more"));
    QVERIFY((*again)->facts.identity == first->facts.identity);
    QCOMPARE((*again)->facts.links, std::uint64_t(1));
    write(path("aside"), QByteArray(5000, 'x'));
    again = reader.readAgain();
    QVERIFY(again && *again);
    QCOMPARE((*again)->bytes.size(), Limit + 1);
}

void tst_MarkerReader::seesThatItIsGone()
{
    write(path(), "first");
    MarkerReader reader;
    QVERIFY(read(reader).has_value());
    QVERIFY(QFile::remove(path()));
    Result<std::optional<MarkerContent>> again = reader.readAgain();
    QVERIFY(again && *again);
    QCOMPARE((*again)->facts.links, std::uint64_t(0));
    QCOMPARE((*again)->bytes, std::string("first"));
}

void tst_MarkerReader::hasNothingToReadAgain()
{
    MarkerReader reader;
    Result<std::optional<MarkerContent>> again = reader.readAgain();
    QVERIFY(again && !*again);
    write(path(), "first");
    QVERIFY(read(reader).has_value());
    reader.close();
    again = reader.readAgain();
    QVERIFY(again && !*again);
    QCOMPARE(reader.refresh().error().code, EBADF);
}

void tst_MarkerReader::refreshesWhatItHasOpen()
{
    write(path(), "mine");
    write(path("victim"), "theirs");
    const timespec old[2] = {{1000, 0}, {1000, 0}};
    QCOMPARE(::utimensat(AT_FDCWD, name().c_str(), old, 0), 0);
    QCOMPARE(::utimensat(AT_FDCWD, name("victim").c_str(), old, 0), 0);
    MarkerReader reader;
    QCOMPARE(read(reader)->facts.modified, std::int64_t(1'000'000'000'000));
    QVERIFY(QFile::rename(path(), path("aside")));
    QCOMPARE(::symlink("victim", name().c_str()), 0);
    QVERIFY(reader.refresh());
    Result<std::optional<MarkerContent>> again = reader.readAgain();
    QVERIFY(again && *again);
    QVERIFY((*again)->facts.modified > 1'000'000'000'000);
    Result<std::optional<FileFacts>> victim = Directory::working().facts(name("victim"));
    QVERIFY(victim && *victim);
    QCOMPARE((*victim)->modified, std::int64_t(1'000'000'000'000));
    Faults faults;
    faults.fail(Call::Futimens, ESTALE);
    QCOMPARE(reader.refresh().error().code, ESTALE);
}

void tst_MarkerReader::tellsWhyItCannotRead_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("code");
    const auto row = [](const char *claim, Call call, int code) {
        QTest::newRow(claim) << static_cast<int>(call) << code;
    };
    row("lstat: EACCES", Call::Fstatat, EACCES);
    row("lstat: ESTALE", Call::Fstatat, ESTALE);
    row("lstat: EIO", Call::Fstatat, EIO);
    row("open: EACCES", Call::Openat, EACCES);
    row("open: ESTALE", Call::Openat, ESTALE);
    row("open: EMFILE", Call::Openat, EMFILE);
    row("open: EWOULDBLOCK, somebody has a lease on it", Call::Openat, EWOULDBLOCK);
    row("fstat: ESTALE", Call::Fstat, ESTALE);
    row("fstat: EIO", Call::Fstat, EIO);
    row("read: EIO", Call::Pread, EIO);
    row("read: ESTALE", Call::Pread, ESTALE);
    row("read: EAGAIN", Call::Pread, EAGAIN);
    row("read: signals without end", Call::Pread, EINTR);
}

void tst_MarkerReader::tellsWhyItCannotRead()
{
    QFETCH(int, call);
    QFETCH(int, code);
    write(path(), "a marker");
    const QStringList before = openFiles();
    MarkerReader reader;
    {
        Faults faults;
        faults.fail(static_cast<Call>(call), code, 1, ForEver);
        Result<std::optional<MarkerContent>> content = reader.read(Directory::working(), name(), Limit);
        QVERIFY(!content);
        QCOMPARE(content.error().code, code);
        QCOMPARE(reader.descriptor(), std::intptr_t(-1));
    }
    QCOMPARE(openFiles(), before);
    QCOMPARE(read(reader)->bytes, std::string("a marker"));
    if (call != static_cast<int>(Call::Fstat) && call != static_cast<int>(Call::Pread))
        return;
    Faults faults;
    faults.fail(static_cast<Call>(call), code, 1, ForEver);
    Result<std::optional<MarkerContent>> again = reader.readAgain();
    QVERIFY(!again);
    QCOMPARE(again.error().code, code);
    QVERIFY(reader.descriptor() >= 0); // it may answer next time
}

void tst_MarkerReader::repeatsInterruptedCalls()
{
    write(path(), "a marker");
    Faults faults;
    faults.fail(Call::Openat, EINTR, 1, 20);
    faults.fail(Call::Pread, EINTR, 1, 20);
    MarkerReader reader;
    QCOMPARE(read(reader)->bytes, std::string("a marker"));
}

void tst_MarkerReader::keepsOneDescriptor()
{
    const QStringList before = openFiles();
    {
        MarkerReader reader;
        write(path(), "a");
        write(path("other"), "b");
        for (int i = 0; i < 3; ++i) {
            QVERIFY(read(reader).has_value());
            QCOMPARE(timesOpen(path()), 1);
            QVERIFY(read(reader, "other").has_value());
            QCOMPARE(timesOpen(path()), 0);
            QCOMPARE(timesOpen(path("other")), 1);
        }
        QVERIFY(::fcntl(static_cast<int>(reader.descriptor()), F_GETFD) & FD_CLOEXEC);
    }
    QCOMPARE(openFiles(), before);
}

void tst_MarkerReader::isOnlyClosedInTheChildOfAFork()
{
    write(path(), "a marker");
    MarkerReader reader;
    QVERIFY(read(reader).has_value());
    const pid_t child = fork();
    if (child == 0) {
        reader.abandon();
        _exit(reader.descriptor() < 0 && timesOpen(path()) == 0 ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    Result<std::optional<MarkerContent>> again = reader.readAgain();
    QVERIFY(again && *again);
}

QTEST_GUILESS_MAIN(tst_MarkerReader)
#include "tst_markerreader.moc"
