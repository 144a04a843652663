// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "faults.h"
#include "files.h"
#include "os/directories.h"

#include <QtTest/qtest.h>

#include <filesystem>

using namespace Holdfast::os;
using namespace Holdfast::Testing;

class tst_Directories : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void makesEveryMissingParent();
    void takesALinkToADirectoryForAParent();
    void doesNotMindWhoWasFaster();
    void refusesAFileOnTheWay();
    void reportsWhatMkdirAnswers_data();
    void reportsWhatMkdirAnswers();
    void givesOneSpelling_data();
    void givesOneSpelling();
    void looksOnceWhereNoLinkIsOnTheWay();
    void keepsAFinalLinkApartFromItsTarget();
    void makesRelativePathsAbsolute();

private:
    std::string at(const char *below) const { return (m_directory->path() + QLatin1Char('/')).toStdString() + below; }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Directories::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

void tst_Directories::makesEveryMissingParent()
{
    QVERIFY(makeParents(at("a/b//c/file")));
    QVERIFY(std::filesystem::is_directory(at("a/b/c")));
    QVERIFY(!std::filesystem::exists(at("a/b/c/file")));
    QVERIFY(makeParents(at("a/b/c/file")));
    QVERIFY(makeParents("/file"));
}

void tst_Directories::takesALinkToADirectoryForAParent()
{
    std::filesystem::create_directory(at("real"));
    std::filesystem::create_directory_symlink(at("real"), at("link"));
    QVERIFY(makeParents(at("link/below/file")));
    QVERIFY(std::filesystem::is_directory(at("real/below")));
}

// P.1 finds no directory   Q.1 makes it   P.2 mkdir: EEXIST, which is just what P wanted
void tst_Directories::doesNotMindWhoWasFaster()
{
    Faults faults;
    faults.before(Call::Mkdir, 1, [this] { std::filesystem::create_directory(at("new")); });
    QVERIFY(makeParents(at("new/file")));
    QCOMPARE(faults.count(Call::Mkdir), 1);
}

void tst_Directories::refusesAFileOnTheWay()
{
    write(QString::fromStdString(at("plain")), {});
    const Status status = makeParents(at("plain/below/file"));
    QVERIFY(!status);
    QCOMPARE(status.error().kind, ErrorKind::NotAFile);
    QCOMPARE(status.error().code, ENOTDIR);
}

void tst_Directories::reportsWhatMkdirAnswers_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("EACCES") << EACCES;
    QTest::newRow("ENOSPC") << ENOSPC;
    QTest::newRow("EROFS") << EROFS;
    QTest::newRow("EDQUOT") << EDQUOT;
    QTest::newRow("EIO") << EIO;
}

void tst_Directories::reportsWhatMkdirAnswers()
{
    QFETCH(int, code);
    Faults faults;
    faults.fail(Call::Mkdir, code, 2);
    const Status status = makeParents(at("a/b/file"));
    QVERIFY(!status);
    QCOMPARE(status.error().code, code);
    QCOMPARE(status.error().operation, "mkdir");
    QVERIFY(makeParents(at("a/b/file")));
}

void tst_Directories::givesOneSpelling_data()
{
    QTest::addColumn<QString>("spelling");
    QTest::addColumn<QString>("same");
    const auto row = [](const char *claim, const char *spelling, const char *same) {
        QTest::newRow(claim) << QString::fromLatin1(spelling) << QString::fromLatin1(same);
    };
    row("a dot changes nothing", "real/./file", "real/file");
    row("nor do two slashes", "real//file", "real/file");
    row("nor a detour", "real/../real/file", "real/file");
    row("nor a linked directory", "link/file", "real/file");
    row("a straight path stays what it is", "real/file", "real/file");
    row("nor a missing one that is left again", "real/no/../file", "real/file");
    row("a missing directory is only tidied", "no/./where/file", "no/where/file");
}

void tst_Directories::givesOneSpelling()
{
    QFETCH(QString, spelling);
    QFETCH(QString, same);
    std::filesystem::create_directory(at("real"));
    std::filesystem::create_directory_symlink(at("real"), at("link"));
    const std::string directory = std::filesystem::canonical(m_directory->path().toStdString()).string();
    const std::string expected = directory + '/' + same.toStdString();
    Result<std::string> canonical = canonicalPath(at(spelling.toLatin1().constData()));
    QVERIFY(canonical);
    QCOMPARE(*canonical, expected);

    Faults faults;
    faults.fail(Call::OpenStraight, ENOSYS); // an older kernel, or a sandbox
    Result<std::string> withoutIt = canonicalPath(at(spelling.toLatin1().constData()));
    QVERIFY(withoutIt);
    QCOMPARE(*withoutIt, expected);
}

void tst_Directories::looksOnceWhereNoLinkIsOnTheWay()
{
    const std::string directory = std::filesystem::canonical(m_directory->path().toStdString()).string();
    Faults faults;
    Result<std::string> canonical = canonicalPath(directory + "/file");
    QVERIFY(canonical);
    QCOMPARE(*canonical, directory + "/file");
    QCOMPARE(faults.count(Call::OpenStraight), 1);
    QCOMPARE(faults.count(Call::Close), 1);
}

void tst_Directories::keepsAFinalLinkApartFromItsTarget()
{
    std::filesystem::create_symlink(at("target"), at("link"));
    Result<std::string> link = canonicalPath(at("link"));
    Result<std::string> target = canonicalPath(at("target"));
    QVERIFY(link && target);
    QVERIFY(*link != *target);
}

void tst_Directories::makesRelativePathsAbsolute()
{
    Result<std::string> path = absolutePath("some/file");
    QVERIFY(path);
    QCOMPARE(*path, (std::filesystem::current_path() / "some/file").string());
    Result<std::string> same = absolutePath("/a/../b");
    QVERIFY(same);
    QCOMPARE(*same, std::string("/a/../b"));
}

QTEST_GUILESS_MAIN(tst_Directories)
#include "tst_directories.moc"
