// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "faults.h"
#include "files.h"
#include "os/directory.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <limits>
#include <memory>
#include <sys/stat.h>
#include <sys/wait.h>

using namespace Holdfast::os;
using namespace Holdfast::Testing;

namespace {

std::string encoded(const QString &path)
{
    return QFile::encodeName(path).toStdString();
}

// Of whatever kind; openFiles() leaves directories out.
std::ptrdiff_t descriptorsOpen()
{
    const std::filesystem::directory_iterator begin("/proc/self/fd");
    return std::distance(begin, std::filesystem::directory_iterator()) - 1; // its own
}

void touch(const std::string &path, std::int64_t seconds, long nanoseconds)
{
    const timespec times[2] = {{0, 0}, {seconds, nanoseconds}};
    QCOMPARE(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
}

} // namespace

class tst_Directory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void opensOnlyARealDirectory_data();
    void opensOnlyARealDirectory();
    void staysTheSameWhenItsPathBecomesAnother();
    void takesPathsRelativeToTheWorkingDirectory();
    void leavesNothingOpen();
    void movesWithoutClosing();
    void isOnlyClosedInTheChildOfAFork();
    void makesADirectoryOnce();
    void listsEveryNameEachTimeAnew();
    void tellsWhyItCannotList_data();
    void tellsWhyItCannotList();
    void renamesWithoutReplacing();
    void renamesPlainlyWhereNothingBetterIsThere_data();
    void renamesPlainlyWhereNothingBetterIsThere();
    void linksOnce();
    void removesWhatIsThere();
    void tellsFactsWithoutFollowing();
    void readsTimesToTheNanosecond_data();
    void readsTimesToTheNanosecond();
    void tellsWhereALinkLeads_data();
    void tellsWhereALinkLeads();
    void tellsWhyALinkCannotBeRead();
    void passesOnWhatTheSystemAnswers_data();
    void passesOnWhatTheSystemAnswers();
    void repeatsAnInterruptedOpen();

private:
    std::string path(const char *name) const { return encoded(m_directory->filePath(QLatin1String(name))); }
    Directory open() const
    {
        Result<Directory> opened = Directory::open(encoded(m_directory->path()));
        if (!opened)
            qFatal("open: %s", opened.error().words().c_str());
        return std::move(*opened);
    }
    void write(const char *name) const { Holdfast::Testing::write(m_directory->filePath(QLatin1String(name)), name); }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Directory::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

void tst_Directory::opensOnlyARealDirectory_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<bool>("opens");
    QTest::newRow("a directory opens") << QByteArray("directory") << true;
    QTest::newRow("a link to one does not") << QByteArray("link") << false;
    QTest::newRow("nor a file") << QByteArray("file") << false;
    QTest::newRow("nor a pipe, and it does not hang") << QByteArray("pipe") << false;
}

void tst_Directory::opensOnlyARealDirectory()
{
    QFETCH(QByteArray, kind);
    QFETCH(bool, opens);
    QCOMPARE(::mkdir(path("directory").c_str(), 0700), 0);
    QCOMPARE(::symlink("directory", path("link").c_str()), 0);
    QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
    write("file");
    Result<Directory> opened = Directory::open(path(kind.constData()));
    QCOMPARE(static_cast<bool>(opened), opens);
    if (!opens)
        QVERIFY(opened.error().kind == ErrorKind::NotAFile);
}

void tst_Directory::staysTheSameWhenItsPathBecomesAnother()
{
    QCOMPARE(::mkdir(path("claims").c_str(), 0700), 0);
    Result<Directory> opened = Directory::open(path("claims"));
    QVERIFY(opened);
    QCOMPARE(::rename(path("claims").c_str(), path("moved").c_str()), 0);
    QCOMPARE(::mkdir(path("claims").c_str(), 0700), 0);
    Result<bool> made = opened->make("inside", 0700);
    QVERIFY(made && *made);
    QVERIFY(QFile::exists(m_directory->filePath(QStringLiteral("moved/inside"))));
}

void tst_Directory::takesPathsRelativeToTheWorkingDirectory()
{
    write("file");
    const Directory working = Directory::working();
    Result<std::optional<FileFacts>> absolute = working.facts(path("file"));
    QVERIFY(absolute && *absolute);
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    Result<std::optional<FileFacts>> relative = working.facts("file");
    Result<std::vector<std::string>> names = working.list();
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(relative && *relative == *absolute);
    QVERIFY(names && *names == std::vector<std::string>{"file"});
}

void tst_Directory::leavesNothingOpen()
{
    const std::ptrdiff_t before = descriptorsOpen();
    {
        const Directory directory = open();
        QCOMPARE(descriptorsOpen(), before + 1);
        QVERIFY(::fcntl(static_cast<int>(directory.descriptor()), F_GETFD) & FD_CLOEXEC);
        QVERIFY(directory.list());
        Faults faults;
        faults.fail(Call::Fdopendir, ENOMEM);
        QVERIFY(!directory.list());
        faults.fail(Call::Readdir, EIO);
        QVERIFY(!directory.list());
        QCOMPARE(descriptorsOpen(), before + 1);
    }
    QCOMPARE(descriptorsOpen(), before);
}

void tst_Directory::movesWithoutClosing()
{
    const std::ptrdiff_t before = descriptorsOpen();
    {
        Directory first = open();
        const std::intptr_t descriptor = first.descriptor();
        Directory second(std::move(first));
        QCOMPARE(second.descriptor(), descriptor);
        QVERIFY(second.list());
        Directory third = open();
        third = std::move(second);
        QCOMPARE(third.descriptor(), descriptor);
        QCOMPARE(descriptorsOpen(), before + 1); // what third had been is closed
        QVERIFY(third.list());
    }
    QCOMPARE(descriptorsOpen(), before);
}

void tst_Directory::isOnlyClosedInTheChildOfAFork()
{
    Directory directory = open();
    Directory working = Directory::working();
    const pid_t child = fork();
    if (child == 0) {
        directory.abandon();
        working.abandon();
        directory.abandon();
        _exit(!directory.list() && directory.descriptor() < 0 && working.list() ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    QVERIFY(directory.list());
}

void tst_Directory::makesADirectoryOnce()
{
    const Directory directory = open();
    const mode_t before = ::umask(022);
    Result<bool> first = directory.make("made", 0777);
    Result<bool> second = directory.make("made", 0777);
    ::umask(before);
    QVERIFY(first && *first);
    QVERIFY(second && !*second);
    write("file");
    Result<bool> overAFile = directory.make("file", 0777);
    QVERIFY(overAFile && !*overAFile);
    Result<std::optional<FileFacts>> facts = directory.facts("made");
    QVERIFY(facts && *facts);
    QCOMPARE((*facts)->mode, 0755U);
    QVERIFY((*facts)->type == FileFacts::Directory);
    Result<bool> nowhere = directory.make("missing/made", 0777);
    QVERIFY(!nowhere);
    QVERIFY(nowhere.error().kind == ErrorKind::NotFound);
}

void tst_Directory::listsEveryNameEachTimeAnew()
{
    const Directory directory = open();
    Result<std::vector<std::string>> none = directory.list();
    QVERIFY(none && none->empty());
    std::vector<std::string> wanted;
    for (int i = 0; i < 2000; ++i) { // more than one buffer of the system's
        wanted.push_back("name" + std::to_string(i));
        write(wanted.back().c_str());
    }
    write(".hidden");
    write("..twice");
    wanted.insert(wanted.end(), {".hidden", "..twice"});
    std::sort(wanted.begin(), wanted.end());
    for (int i = 0; i < 2; ++i) {
        Result<std::vector<std::string>> names = directory.list();
        QVERIFY(names);
        std::sort(names->begin(), names->end());
        QVERIFY(*names == wanted);
    }
}

void tst_Directory::tellsWhyItCannotList_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("code");
    QTest::newRow("ESTALE at the beginning") << static_cast<int>(Call::Openat) << 1 << ESTALE;
    QTest::newRow("EMFILE at the beginning") << static_cast<int>(Call::Openat) << 1 << EMFILE;
    QTest::newRow("ENOMEM before reading") << static_cast<int>(Call::Fdopendir) << 1 << ENOMEM;
    QTest::newRow("EIO at the first name") << static_cast<int>(Call::Readdir) << 1 << EIO;
    QTest::newRow("ESTALE in the middle") << static_cast<int>(Call::Readdir) << 3 << ESTALE;
    QTest::newRow("EIO instead of the end") << static_cast<int>(Call::Readdir) << 5 << EIO;
}

void tst_Directory::tellsWhyItCannotList()
{
    QFETCH(int, call);
    QFETCH(int, from);
    QFETCH(int, code);
    write("one");
    write("two");
    const Directory directory = open();
    Faults faults;
    faults.fail(static_cast<Call>(call), code, from);
    Result<std::vector<std::string>> names = directory.list();
    QVERIFY(!names);
    QCOMPARE(names.error().code, code);
    QVERIFY(directory.list());
}

void tst_Directory::renamesWithoutReplacing()
{
    const Directory directory = open();
    write("a");
    write("b");
    const Status refused = directory.rename("a", "b");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, EEXIST);
    QCOMPARE(read(m_directory->filePath(QStringLiteral("b"))), QByteArray("b"));
    QVERIFY(directory.rename("a", "c"));
    QCOMPARE(read(m_directory->filePath(QStringLiteral("c"))), QByteArray("a"));
    const Status missing = directory.rename("a", "d");
    QVERIFY(!missing);
    QVERIFY(missing.error().kind == ErrorKind::NotFound);
}

void tst_Directory::renamesPlainlyWhereNothingBetterIsThere_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("plainly");
    QTest::newRow("EINVAL: not on this filesystem") << EINVAL << true;
    QTest::newRow("ENOSYS: not on this system") << ENOSYS << true;
    QTest::newRow("EEXIST is an answer") << EEXIST << false;
    QTest::newRow("EIO is an error") << EIO << false;
    QTest::newRow("ESTALE is an error") << ESTALE << false;
    QTest::newRow("EACCES is an error") << EACCES << false;
}

void tst_Directory::renamesPlainlyWhereNothingBetterIsThere()
{
    QFETCH(int, code);
    QFETCH(bool, plainly);
    const Directory directory = open();
    write("a");
    Faults faults;
    faults.fail(Call::RenameNew, code);
    const Status renamed = directory.rename("a", "b");
    QCOMPARE(static_cast<bool>(renamed), plainly);
    QCOMPARE(faults.count(Call::Renameat), plainly ? 1 : 0);
    if (!plainly) {
        QCOMPARE(renamed.error().code, code);
        return;
    }
    write("a");
    faults.fail(Call::RenameNew, code);
    faults.fail(Call::Renameat, EROFS);
    QCOMPARE(directory.rename("a", "c").error().code, EROFS);
}

void tst_Directory::linksOnce()
{
    const Directory directory = open();
    write("intent");
    write("other");
    Result<bool> linked = directory.link("intent", "held");
    QVERIFY(linked && *linked);
    Result<std::optional<FileFacts>> intent = directory.facts("intent");
    Result<std::optional<FileFacts>> held = directory.facts("held");
    QVERIFY(intent && held && *intent == *held);
    QCOMPARE((*held)->links, std::uint64_t(2));
    Result<bool> again = directory.link("intent", "other");
    QVERIFY(again && !*again);
    QCOMPARE(read(m_directory->filePath(QStringLiteral("other"))), QByteArray("other"));
    Result<bool> missing = directory.link("missing", "new");
    QVERIFY(!missing);
    QVERIFY(missing.error().kind == ErrorKind::NotFound);
}

void tst_Directory::removesWhatIsThere()
{
    const Directory directory = open();
    write("file");
    QVERIFY(directory.remove("file"));
    QVERIFY(!QFile::exists(m_directory->filePath(QStringLiteral("file"))));
    QVERIFY(directory.remove("file"));
    QCOMPARE(::symlink("target", path("link").c_str()), 0);
    write("target");
    QVERIFY(directory.remove("link"));
    QVERIFY(QFile::exists(m_directory->filePath(QStringLiteral("target"))));
    QCOMPARE(::mkdir(path("directory").c_str(), 0700), 0);
    QVERIFY(!directory.remove("directory"));
    QVERIFY(QFile::exists(m_directory->filePath(QStringLiteral("directory"))));
}

void tst_Directory::tellsFactsWithoutFollowing()
{
    const Directory directory = open();
    write("file");
    QCOMPARE(::chmod(path("file").c_str(), 04640), 0);
    QCOMPARE(::symlink("file", path("link").c_str()), 0);
    QCOMPARE(::mkdir(path("directory").c_str(), 0700), 0);
    QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
    struct stat expected;
    QCOMPARE(::stat(path("file").c_str(), &expected), 0);
    Result<std::optional<FileFacts>> file = directory.facts("file");
    QVERIFY(file && *file);
    QVERIFY((*file)->type == FileFacts::Regular);
    QVERIFY(((*file)->identity == FileIdentity{expected.st_dev, expected.st_ino}));
    QCOMPARE((*file)->size, std::int64_t(4));
    QCOMPARE((*file)->mode, 04640U);
    QCOMPARE((*file)->owner, static_cast<unsigned>(::getuid()));
    QCOMPARE((*file)->links, std::uint64_t(1));
    const auto typeOf = [&](const char *name) {
        Result<std::optional<FileFacts>> facts = directory.facts(name);
        return facts && *facts ? (*facts)->type : FileFacts::Regular;
    };
    QVERIFY(typeOf("link") == FileFacts::Link);
    QVERIFY(typeOf("directory") == FileFacts::Directory);
    QVERIFY(typeOf("pipe") == FileFacts::Other);
    for (const char *name : {"missing", "missing/below", "file/below"}) {
        Result<std::optional<FileFacts>> none = directory.facts(name);
        QVERIFY2(none && !*none, name);
    }
}

void tst_Directory::readsTimesToTheNanosecond_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<qint64>("expected");
    constexpr auto most = std::numeric_limits<qint64>::max();
    constexpr auto least = std::numeric_limits<qint64>::min();
    QTest::newRow("a time of today") << qint64(1'795'000'000) << qint64(1'795'000'000'123'456'789);
    QTest::newRow("before 1970") << qint64(-2) << qint64(-1'876'543'211);
    QTest::newRow("2262 can still be counted") << qint64(9'223'372'035) << qint64(9'223'372'035'123'456'789);
    QTest::newRow("a day later is the end of time") << qint64(9'223'458'436) << most;
    QTest::newRow("a time that nobody lives to see") << qint64(1) * (most / 1000) << most;
    QTest::newRow("and one before everything") << qint64(-1) * (most / 1000) << least;
}

void tst_Directory::readsTimesToTheNanosecond()
{
    QFETCH(qint64, seconds);
    QFETCH(qint64, expected);
    write("file");
    const Directory directory = open();
    // Through the table, because every filesystem has limits of its own.
    static timespec wanted;
    wanted = {seconds, 123'456'789};
    static SystemCalls before;
    before = systemCalls();
    systemCalls().fstatat = [](int parent, const char *name, struct stat *facts, int flags) {
        const int result = before.fstatat(parent, name, facts, flags);
        facts->st_mtim = wanted;
        return result;
    };
    Result<std::optional<FileFacts>> facts = directory.facts("file");
    systemCalls() = before;
    QVERIFY(facts && *facts);
    QCOMPARE(qint64((*facts)->modified), expected);
    if (seconds != 1'795'000'000)
        return;
    touch(path("file"), seconds, 123'456'789);
    Result<std::optional<FileFacts>> real = directory.facts("file");
    QVERIFY(real && *real);
    QCOMPARE(qint64((*real)->modified), expected);
}

void tst_Directory::tellsWhereALinkLeads_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("read"); // of 15 bytes and one
    QTest::newRow("to nothing") << QByteArray("ann@desk7.42") << QByteArray("ann@desk7.42");
    QTest::newRow("to a directory") << QByteArray("/") << QByteArray("/");
    QTest::newRow("as long as asked for") << QByteArray(15, 'a') << QByteArray(15, 'a');
    QTest::newRow("longer") << QByteArray(17, 'a') << QByteArray(16, 'a');
}

void tst_Directory::tellsWhereALinkLeads()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, read);
    QCOMPARE(::symlink(target.constData(), path("link").c_str()), 0);
    const Directory directory = open();
    Result<std::optional<std::string>> answer = directory.linkTarget("link", 15);
    QVERIFY(answer && *answer);
    QCOMPARE(**answer, read.toStdString());
}

void tst_Directory::tellsWhyALinkCannotBeRead()
{
    const Directory directory = open();
    Result<std::optional<std::string>> missing = directory.linkTarget("missing", 15);
    QVERIFY(missing && !*missing);
    for (const char *name : {"file", "directory"}) { // which are no links
        QVERIFY(std::string_view(name) == "file" ? ForeignLock(m_directory->filePath(QStringLiteral("file"))).isHeld()
                                                 : ::mkdir(path(name).c_str(), 0755) == 0);
        Result<std::optional<std::string>> answer = directory.linkTarget(name, 15);
        QVERIFY(answer && *answer);
        QVERIFY((*answer)->empty());
    }
    Result<std::optional<std::string>> below = directory.linkTarget("file/link", 15);
    QVERIFY(below && !*below);
    Faults faults;
    faults.fail(Call::Readlinkat, EACCES);
    Result<std::optional<std::string>> denied = directory.linkTarget("missing", 15);
    QVERIFY(!denied);
    QCOMPARE(denied.error().kind, ErrorKind::PermissionDenied);
}

void tst_Directory::passesOnWhatTheSystemAnswers_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("EACCES") << EACCES;
    QTest::newRow("EIO") << EIO;
    QTest::newRow("ESTALE") << ESTALE;
    QTest::newRow("ENOSPC") << ENOSPC;
    QTest::newRow("EROFS") << EROFS;
    QTest::newRow("EXDEV") << EXDEV;
}

void tst_Directory::passesOnWhatTheSystemAnswers()
{
    QFETCH(int, code);
    const Directory directory = open();
    Faults faults;
    faults.fail(Call::Mkdirat, code);
    QCOMPARE(directory.make("made", 0777).error().code, code);
    faults.fail(Call::Linkat, code);
    QCOMPARE(directory.link("made", "linked").error().code, code);
    faults.fail(Call::Unlinkat, code);
    QCOMPARE(directory.remove("made").error().code, code);
    faults.fail(Call::Fstatat, code);
    QCOMPARE(directory.facts("made").error().code, code);
    faults.fail(Call::Openat, code);
    QCOMPARE(Directory::open(path("made")).error().code, code);
}

void tst_Directory::repeatsAnInterruptedOpen()
{
    Faults faults;
    faults.fail(Call::Openat, EINTR, 1, 20);
    QVERIFY(Directory::open(encoded(m_directory->path())));
    QCOMPARE(faults.count(Call::Openat), 21);
    faults.fail(Call::Openat, EINTR, 1, ForEver);
    QCOMPARE(Directory::open(encoded(m_directory->path())).error().code, EINTR);
}

QTEST_GUILESS_MAIN(tst_Directory)
#include "tst_directory.moc"
