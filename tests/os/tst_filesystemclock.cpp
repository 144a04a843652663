// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "faults.h"
#include "files.h"
#include "os/filesystemclock.h"
#include "os/markerfile.h"
#include "os/random.h"

#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

#include <memory>
#include <set>
#include <sys/stat.h>

using namespace Holdfast::os;
using namespace Holdfast::Testing;

namespace {

// Of the file that was refreshed last: what a server whose clock is wrong would say.
constexpr std::int64_t Elsewhen = 1'000'000'000'000'000'000;

} // namespace

class tst_FilesystemClock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void goesWithTheMarkers_data();
    void goesWithTheMarkers();
    void goesByTheFilesystemNotByTheMachine();
    void leavesNothingBehind_data();
    void leavesNothingBehind();
    void hidesItsProbe();
    void managesLongNames();
    void looksInTheRightDirectory();
    void tellsWhyItCannot_data();
    void tellsWhyItCannot();
    void doesWithoutRefreshing();
    void drawsAnotherNumberEachTime();
    void drawsBytesOfAnyLength();
    void countsWhereNobodyDraws();

private:
    QString path(const char *name) const { return m_directory->filePath(QLatin1String(name)); }
    std::string name(const char *name = "marker") const { return QFile::encodeName(path(name)).toStdString(); }
    QStringList files() const
    {
        return QDir(m_directory->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_FilesystemClock::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

void tst_FilesystemClock::goesWithTheMarkers_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("a file without a name") << 0;
    QTest::newRow("EOPNOTSUPP: a probe with a name") << EOPNOTSUPP;
    QTest::newRow("EISDIR, as old kernels say") << EISDIR;
    QTest::newRow("EINVAL") << EINVAL;
}

void tst_FilesystemClock::goesWithTheMarkers()
{
    QFETCH(int, code);
    const Directory working = Directory::working();
    MarkerFile marker;
    Result<bool> created = marker.create(working, name(), 0666);
    QVERIFY(created && *created);
    for (int i = 0; i < 20; ++i) {
        QVERIFY(marker.refresh());
        Result<FileFacts> before = marker.facts();
        Faults faults;
        if (code != 0)
            faults.fail(Call::Openat, code);
        Result<std::int64_t> now = filesystemNow(working, name());
        QVERIFY(now);
        QVERIFY(marker.refresh());
        Result<FileFacts> after = marker.facts();
        QVERIFY(before && after);
        QVERIFY(before->modified <= *now);
        QVERIFY(*now <= after->modified);
    }
}

void tst_FilesystemClock::goesByTheFilesystemNotByTheMachine()
{
    static SystemCalls before;
    before = systemCalls();
    systemCalls().futimens = [](int descriptor, const timespec *times) {
        const timespec elsewhen[2] = {{Elsewhen / 1'000'000'000, 0}, {Elsewhen / 1'000'000'000, 0}};
        return before.futimens(descriptor, times ? times : elsewhen);
    };
    Result<std::int64_t> now = filesystemNow(Directory::working(), name());
    systemCalls() = before;
    QVERIFY(now);
    QCOMPARE(*now, Elsewhen);
}

void tst_FilesystemClock::leavesNothingBehind_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("code");
    QTest::newRow("when all goes well") << -1 << 0;
    QTest::newRow("when the stamp cannot be read") << static_cast<int>(Call::Fstat) << EIO;
    QTest::newRow("when it cannot be refreshed") << static_cast<int>(Call::Futimens) << EIO;
}

void tst_FilesystemClock::leavesNothingBehind()
{
    QFETCH(int, call);
    QFETCH(int, code);
    const QStringList before = openFiles();
    for (const bool nameless : {true, false}) {
        Faults faults;
        if (!nameless)
            faults.fail(Call::Openat, EOPNOTSUPP);
        if (code != 0)
            faults.fail(static_cast<Call>(call), code, 1, ForEver);
        Result<std::int64_t> now = filesystemNow(Directory::working(), name());
        QCOMPARE(static_cast<bool>(now), call != static_cast<int>(Call::Fstat));
        QCOMPARE(faults.count(Call::Openat), nameless ? 1 : 2);
        QCOMPARE(faults.count(Call::Unlinkat), nameless ? 0 : 1);
        QCOMPARE(files(), QStringList());
    }
    QCOMPARE(openFiles(), before);
}

void tst_FilesystemClock::hidesItsProbe()
{
    QStringList seen;
    for (int i = 0; i < 2; ++i) {
        Faults faults;
        faults.fail(Call::Openat, EOPNOTSUPP);
        faults.before(Call::Unlinkat, 1, [&] { seen += files(); });
        QVERIFY(filesystemNow(Directory::working(), name()));
    }
    QCOMPARE(seen.size(), 2);
    QVERIFY(seen.first() != seen.last());
    const QRegularExpression pattern(QStringLiteral("^\\.marker\\.probe-[0-9a-f]{16}$"));
    QVERIFY2(pattern.match(seen.first()).hasMatch(), qPrintable(seen.first()));
}

void tst_FilesystemClock::managesLongNames()
{
    const std::string longest(255, 'x');
    for (const bool nameless : {true, false}) {
        Faults faults;
        if (!nameless)
            faults.fail(Call::Openat, EOPNOTSUPP);
        QVERIFY(filesystemNow(Directory::working(), name(longest.c_str())));
    }
}

void tst_FilesystemClock::looksInTheRightDirectory()
{
    QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("below")));
    Result<Directory> directory = Directory::open(QFile::encodeName(m_directory->path()).toStdString());
    QVERIFY(directory);
    QStringList seen;
    for (const char *where : {"marker", "below/marker"}) {
        Faults faults;
        faults.fail(Call::Openat, EOPNOTSUPP);
        faults.before(Call::Unlinkat, 1, [&] {
            const QString folder = path(qstrcmp(where, "marker") == 0 ? "." : "below");
            seen += QDir(folder).entryList({QStringLiteral(".marker.probe-*")}, QDir::Files | QDir::Hidden);
        });
        QVERIFY(filesystemNow(*directory, where));
        QVERIFY(filesystemNow(*directory, where)); // the nameless one, too, finds its place
    }
    QCOMPARE(seen.size(), 2);
    QVERIFY(!filesystemNow(*directory, "missing/marker"));
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    Result<std::int64_t> now = filesystemNow(Directory::working(), "marker");
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(now);
}

void tst_FilesystemClock::tellsWhyItCannot_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("EACCES") << EACCES;
    QTest::newRow("EROFS") << EROFS;
    QTest::newRow("ENOSPC") << ENOSPC;
    QTest::newRow("ESTALE") << ESTALE;
    QTest::newRow("EMFILE") << EMFILE;
    QTest::newRow("EEXIST, against all odds") << EEXIST;
    QTest::newRow("signals without end") << EINTR;
}

void tst_FilesystemClock::tellsWhyItCannot()
{
    QFETCH(int, code);
    Faults faults;
    faults.fail(Call::Openat, code, 1, ForEver);
    Result<std::int64_t> now = filesystemNow(Directory::working(), name());
    QVERIFY(!now);
    QCOMPARE(now.error().code, code);
    QCOMPARE(faults.count(Call::Unlinkat), 0); // it was not ours
}

void tst_FilesystemClock::doesWithoutRefreshing()
{
    Faults faults;
    faults.fail(Call::Futimens, EPERM);
    Result<std::int64_t> now = filesystemNow(Directory::working(), name());
    QVERIFY(now);
    QVERIFY(qAbs(*now / 1'000'000 - QDateTime::currentMSecsSinceEpoch()) < 10'000);
}

void tst_FilesystemClock::drawsAnotherNumberEachTime()
{
    std::set<std::string> drawn;
    const QRegularExpression pattern(QStringLiteral("^[0-9a-f]{32}$"));
    for (int i = 0; i < 1000; ++i) {
        const std::string number = randomHex(16);
        QVERIFY(pattern.match(QString::fromStdString(number)).hasMatch());
        drawn.insert(number);
    }
    QCOMPARE(drawn.size(), std::size_t(1000));
    std::set<char> digits;
    for (const std::string &number : drawn)
        digits.insert(number.begin(), number.end());
    QCOMPARE(digits.size(), std::size_t(16));
}

void tst_FilesystemClock::drawsBytesOfAnyLength()
{
    for (const std::size_t bytes : {0, 1, 16, 300, 5000})
        QCOMPARE(randomHex(bytes).size(), 2 * bytes);
    Faults faults;
    faults.shorten(Call::Getrandom, 5);
    faults.fail(Call::Getrandom, EINTR, 2, 20);
    const std::string number = randomHex(16);
    QCOMPARE(number.size(), std::size_t(32));
    QCOMPARE(faults.count(Call::Getrandom), 24); // four pieces
    QVERIFY(number.find("0000000000") == std::string::npos);
}

void tst_FilesystemClock::countsWhereNobodyDraws()
{
    Faults faults;
    faults.fail(Call::Getrandom, ENOSYS, 1, ForEver);
    std::set<std::string> drawn;
    for (int i = 0; i < 1000; ++i) {
        drawn.insert(randomHex(16));
        QCOMPARE(drawn.rbegin()->size(), std::size_t(32));
    }
    QCOMPARE(drawn.size(), std::size_t(1000));
}

QTEST_GUILESS_MAIN(tst_FilesystemClock)
#include "tst_filesystemclock.moc"
