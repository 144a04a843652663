// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "children.h"
#include "ownerfiles.h"

#include <QtTest/qtest.h>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

using Format = OwnerFile::Format;

Q_DECLARE_METATYPE(Liveness)

class tst_OwnerFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksForSevenNamesAndOpensNothing();
    void readsWhatEachProgramLeaves();
    void changesNothing();
    void judgesVimByItsProcess_data();
    void judgesVimByItsProcess();
    void judgesEmacsByItsProcess_data();
    void judgesEmacsByItsProcess();
    void knowsAHostWhoseNameVimCutOff();
    void cannotJudgeOthers_data();
    void cannotJudgeOthers();
    void findsTheSwapFilesOfLaterVims();
    void listsEveryUserOfASharedSpreadsheet();
    void readsEmacsLocksThatAreFiles();
    void remarksOnWhatSaysNothing_data();
    void remarksOnWhatSaysNothing();
    void opensNoPipeAndFollowsNoLink();
    void readsABoundedPart();
    void namesTheUserOfAFileThatCannotBeRead();
    void saysWhenThereMayBeMore_data();
    void saysWhenThereMayBeMore();
    void missesWhatVanishes();
    void takesNamesOfAnyLength();
};

void tst_OwnerFiles::asksForSevenNamesAndOpensNothing()
{
    const OwnerFilesPlace place;
    Faults faults;
    QVERIFY(place.files().isEmpty());
    QCOMPARE(faults.count(Call::Fstatat), 6);
    QCOMPARE(faults.count(Call::Readlinkat), 1);
    QCOMPARE(faults.count(Call::Statx), 1); // of the folder: it makes a server look
    QCOMPARE(faults.count(Call::Openat), 0);
    QCOMPARE(faults.count(Call::Fdopendir), 0);
}

void tst_OwnerFiles::readsWhatEachProgramLeaves()
{
    const OwnerFilesPlace place;
    place.write(QStringLiteral(".~lock.document.docx#"), goldenOwnerFile("libreofficelock"));
    place.write(QStringLiteral("~$cument.docx"), goldenOwnerFile("msoffice-word"));
    place.link(QStringLiteral(".#document.docx"), "anna@otherhost.1234:1700000000");
    place.write(QStringLiteral(".document.docx.swp"), swapOf(17016, "otherhost", "vimswap-modified"));
    const QList<OwnerFile> files = place.files();
    QCOMPARE(files.size(), 4);

    const OwnerFile &office = files[0];
    QCOMPARE(office.format, Format::LibreOffice);
    QCOMPARE(office.file, place.path(QStringLiteral(".~lock.document.docx#")));
    QCOMPARE(office.holder.application, QStringLiteral("LibreOffice"));
    QCOMPARE(office.holder.fullName, QString::fromUtf8("\xc3\x84nn; \"A\\\" Lee, Jr."));
    QCOMPARE(office.holder.userName, QStringLiteral("root"));
    QCOMPARE(office.holder.hostName, QStringLiteral("vm"));
    QCOMPARE(office.holder.since, QDateTime(QDate(2026, 11, 26), QTime(19, 42)));
    QVERIFY(office.holder.processId == 0 && !office.unsaved && office.remark.isEmpty());

    const OwnerFile &word = files[1];
    QCOMPARE(word.format, Format::MsOffice);
    QCOMPARE(word.holder.application, QStringLiteral("Microsoft Word"));
    QCOMPARE(word.holder.fullName, QString::fromUtf8("Ann \xe6\x9d\x8e Lee"));
    QVERIFY(word.holder.userName.isEmpty() && word.holder.isValid());
    QCOMPARE(word.holder.since, word.written);

    const OwnerFile &emacs = files[2];
    QCOMPARE(emacs.format, Format::Emacs);
    QCOMPARE(emacs.holder.toString(), QStringLiteral("Emacs (pid 1234, user anna)"));
    QCOMPARE(emacs.holder.hostName, QStringLiteral("otherhost"));
    QVERIFY(emacs.unsaved && emacs.holder.since.isValid());

    const OwnerFile &vim = files[3];
    QCOMPARE(vim.format, Format::Vim);
    QCOMPARE(vim.holder.toString(), QStringLiteral("Vim (pid 17016, user root)"));
    QCOMPARE(vim.holder.hostName, QStringLiteral("otherhost"));
    QVERIFY(vim.unsaved && !vim.holder.since.isValid());

    for (const OwnerFile &file : files) {
        QCOMPARE(file.holder.liveness, Liveness::Unknown);
        QVERIFY(file.isInTheWay());
        QVERIFY(file.written.isValid() && std::abs(file.written.secsTo(QDateTime::currentDateTime())) < 60);
    }
}

void tst_OwnerFiles::changesNothing()
{
    const OwnerFilesPlace place;
    place.write(QStringLiteral(".~lock.document.docx#"), "");
    place.link(QStringLiteral(".#document.docx"), "root@" + ownHost() + ".2147483647");
    place.write(QStringLiteral(".document.docx.swp"), swapOf(2147483647, ownHost()));
    const QStringList before = place.names();
    struct stat facts, after;
    QCOMPARE(::stat(qPrintable(place.path({})), &facts), 0);
    QCOMPARE(place.files().size(), 3);
    QCOMPARE(::stat(qPrintable(place.path({})), &after), 0);
    QCOMPARE(place.names(), before);
    QVERIFY(facts.st_mtim.tv_nsec == after.st_mtim.tv_nsec && facts.st_ctim.tv_nsec == after.st_ctim.tv_nsec);
}

void tst_OwnerFiles::judgesVimByItsProcess_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<Liveness>("alive");
    QTest::newRow("vim") << QStringLiteral("vim") << Liveness::Alive;
    QTest::newRow("vim under Debian's name") << QStringLiteral("vim.basic") << Liveness::Alive;
    QTest::newRow("view") << QStringLiteral("view") << Liveness::Alive;
    QTest::newRow("ex") << QStringLiteral("ex") << Liveness::Alive;
    QTest::newRow("a program that was given the number again") << QStringLiteral("bash") << Liveness::Unknown;
}

void tst_OwnerFiles::judgesVimByItsProcess()
{
    QFETCH(QString, program);
    QFETCH(Liveness, alive);
    const OwnerFilesPlace place;
    ProgramNamed vim(program);
    place.write(QStringLiteral(".document.docx.swp"), swapOf(vim.process(), ownHost()));
    QCOMPARE(place.only().format, Format::Vim);
    QCOMPARE(place.only().holder.processId, vim.process());
    QCOMPARE(place.only().holder.liveness, alive);
    QVERIFY(place.only().isInTheWay());
    vim.end();
    QCOMPARE(place.only().holder.liveness, ended());
    QVERIFY(place.only().holder.isValid());
    QCOMPARE(place.only().isInTheWay(), ended() != Liveness::Dead);
}

void tst_OwnerFiles::judgesEmacsByItsProcess_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<Liveness>("alive");
    QTest::newRow("emacs") << QStringLiteral("emacs") << Liveness::Alive;
    QTest::newRow("emacs under Debian's name") << QStringLiteral("emacs-nox") << Liveness::Alive;
    QTest::newRow("a program that was given the number again") << QStringLiteral("vim") << Liveness::Unknown;
}

void tst_OwnerFiles::judgesEmacsByItsProcess()
{
    QFETCH(QString, program);
    QFETCH(Liveness, alive);
    const OwnerFilesPlace place;
    ProgramNamed emacs(program);
    place.link(QStringLiteral(".#document.docx"),
               "root@" + ownHost() + '.' + QByteArray::number(emacs.process()) + ":1700000000");
    QCOMPARE(place.only().format, Format::Emacs);
    QCOMPARE(place.only().holder.liveness, alive);
    emacs.end();
    QCOMPARE(place.only().holder.liveness, ended());
}

// In a child with a host name of its own, for this machine may have a short one.
void tst_OwnerFiles::knowsAHostWhoseNameVimCutOff()
{
    if (::geteuid() != 0 || !Child([] { return ::unshare(CLONE_NEWUTS) == 0; }).succeeds())
        QSKIP("needs the right to give a process another host name");
    const OwnerFilesPlace place;
    const QByteArray longName(45, 'h');
    Child child([&] {
        EXPECT_IN_CHILD(::unshare(CLONE_NEWUTS) == 0 && ::sethostname(longName.constData(), 45) == 0);
        EXPECT_IN_CHILD(place.write(QStringLiteral(".document.docx.swp"), swapOf(2147483647, longName.left(39))));
        EXPECT_IN_CHILD(place.only().holder.liveness == ended());
        EXPECT_IN_CHILD(place.only().holder.hostName.toUtf8() == longName);
        EXPECT_IN_CHILD(place.write(QStringLiteral(".document.docx.swp"), swapOf(2147483647, longName.left(38))));
        EXPECT_IN_CHILD(place.only().holder.liveness == Liveness::Unknown);
        return true;
    });
    QVERIFY(child.succeeds());
}

void tst_OwnerFiles::cannotJudgeOthers_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("Vim on another machine") << QStringLiteral(".document.docx.swp") << swapOf(2147483647, "otherhost");
    QTest::newRow("Vim without a process") << QStringLiteral(".document.docx.swp") << swapOf(0, ownHost());
    QTest::newRow("Emacs on another machine")
        << QStringLiteral(".#document.docx") << QByteArray("a@otherhost.2147483647");
    QTest::newRow("Emacs with a number that cannot be")
        << QStringLiteral(".#document.docx") << "a@" + ownHost() + ".4000000000";
    QTest::newRow("LibreOffice on this machine")
        << QStringLiteral(".~lock.document.docx#") << "Ann,ann," + ownHost() + ",01.01.2001 00:00,file:///nowhere;";
    QTest::newRow("Microsoft Office") << QStringLiteral("~$cument.docx") << goldenOwnerFile("msoffice-word");
}

void tst_OwnerFiles::cannotJudgeOthers()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    const OwnerFilesPlace place;
    place.write(name, bytes);
    QVERIFY(place.only().holder.isValid());
    QCOMPARE(place.only().holder.liveness, Liveness::Unknown);
    QVERIFY(place.only().isInTheWay());
}

// Vim 1 has .swp, Vim 2 .swo, Vim 3 .swn; Vim 1 and Vim 2 end.
void tst_OwnerFiles::findsTheSwapFilesOfLaterVims()
{
    const OwnerFilesPlace place;
    place.write(QStringLiteral(".document.docx.swn"), swapOf(3, "otherhost"));
    QCOMPARE(place.only().holder.processId, 3);
    place.write(QStringLiteral(".document.docx.swk"), swapOf(6, "otherhost"));
    QCOMPARE(place.files().size(), 2);
    QCOMPARE(place.files().last().holder.processId, 6);
}

void tst_OwnerFiles::listsEveryUserOfASharedSpreadsheet()
{
    const OwnerFilesPlace place(QStringLiteral("table.ods"));
    place.write(QStringLiteral(".~sharing.table.ods#"), "Ann,ann,desk7,,a;Bob,bob,desk8,,b;");
    const QList<OwnerFile> files = place.files();
    QCOMPARE(files.size(), 2);
    QCOMPARE(files[0].holder.userName, QStringLiteral("ann"));
    QCOMPARE(files[1].holder.userName, QStringLiteral("bob"));
    for (const OwnerFile &file : files) {
        QCOMPARE(file.format, Format::LibreOfficeSharing);
        QCOMPARE(file.holder.mode, LockMode::Shared);
    }
    place.write(QStringLiteral(".~sharing.table.ods#"), "");
    QVERIFY(place.files().isEmpty());
    place.write(QStringLiteral(".~sharing.table.ods#"), "Ann,ann,desk7,,a;Bob,bob");
    QCOMPARE(place.files().size(), 2);
    QVERIFY(place.files().first().isInTheWay());
    QCOMPARE(place.files().last().remark, QStringLiteral("it ends in the middle"));
}

void tst_OwnerFiles::readsEmacsLocksThatAreFiles()
{
    const OwnerFilesPlace place;
    place.write(QStringLiteral(".#document.docx"), "anna@otherhost.1234");
    QCOMPARE(place.only().format, Format::Emacs);
    QCOMPARE(place.only().holder.toString(), QStringLiteral("Emacs (pid 1234, user anna)"));
}

void tst_OwnerFiles::remarksOnWhatSaysNothing_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("remark");
    const auto row = [](const char *claim, const char *name, const QByteArray &bytes, const char *remark) {
        QTest::newRow(claim) << QString::fromLatin1(name) << bytes << QString::fromLatin1(remark);
    };
    const char *somethingElse = "it is something else than its name says";
    row("an empty lock of LibreOffice", ".~lock.document.docx#", "", "it is empty");
    row("a torn one", ".~lock.document.docx#", "Ann,an", "it ends in the middle");
    row("a damaged one", ".~lock.document.docx#", "a;b", "it is damaged");
    row("a long one", ".~lock.document.docx#", QByteArray(40000, 'a'), "it is too long for an owner file");
    row("an empty file of Office", "~$cument.docx", "", "it is empty");
    row("a text with its name", "~$cument.docx", "hello", somethingElse);
    row("an empty swap file", ".document.docx.swp", "", "it is empty");
    row("a text with its name", ".document.docx.swp", QByteArray(2000, 'a'), somethingElse);
    row("a text for a lock of Emacs", ".#document.docx", "hello", somethingElse);
}

void tst_OwnerFiles::remarksOnWhatSaysNothing()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, remark);
    const OwnerFilesPlace place;
    place.write(name, bytes);
    QCOMPARE(place.only().remark, remark);
    QVERIFY(!place.only().holder.isValid() && !place.only().isInTheWay());
}

void tst_OwnerFiles::opensNoPipeAndFollowsNoLink()
{
    const OwnerFilesPlace place;
    place.write(QStringLiteral("elsewhere"), "Ann,ann,desk7,,a;");
    place.link(QStringLiteral(".~lock.document.docx#"), "elsewhere");
    place.link(QStringLiteral(".#document.docx"), "elsewhere");
    QCOMPARE(::mkfifo(qPrintable(place.path(QStringLiteral("~$cument.docx"))), 0600), 0);
    QVERIFY(QDir().mkdir(place.path(QStringLiteral(".document.docx.swp"))));
    Faults faults;
    const QList<OwnerFile> files = place.files();
    QCOMPARE(files.size(), 4);
    QCOMPARE(faults.count(Call::Openat), 0);
    for (const OwnerFile &file : files)
        QVERIFY(!file.remark.isEmpty() && !file.isInTheWay());
}

void tst_OwnerFiles::readsABoundedPart()
{
    const OwnerFilesPlace place;
    constexpr qint64 Gigabyte = 1 << 30;
    for (const char *name : {".~lock.document.docx#", "~$cument.docx", ".#document.docx", ".document.docx.swp"}) {
        QFile file(place.path(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(Gigabyte));
    }
    Faults faults;
    QCOMPARE(place.files().size(), 4);
    QCOMPARE(faults.count(Call::Pread), 4); // each of a few KiB, or the files would take longer than the test has
}

// As a swap file of a document that only its owner may read.
void tst_OwnerFiles::namesTheUserOfAFileThatCannotBeRead()
{
    const OwnerFilesPlace place;
    place.write(QStringLiteral(".document.docx.swp"), swapOf(1, ownHost()));
    Faults faults;
    faults.fail(Call::Openat, EACCES);
    const OwnerFile file = place.only();
    QCOMPARE(file.format, Format::Vim);
    QCOMPARE(file.holder.userName, QString::fromStdString(os::userName(::geteuid())));
    QVERIFY(file.remark.startsWith(QLatin1String("it cannot be read: ")));
    QVERIFY(file.isInTheWay());
}

void tst_OwnerFiles::saysWhenThereMayBeMore_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("number");
    QTest::addColumn<QString>("name");
    QTest::newRow("the first name") << int(Call::Fstatat) << 1 << QStringLiteral(".~lock.document.docx#");
    QTest::newRow("a later name") << int(Call::Fstatat) << 4 << QStringLiteral(".document.docx.swp");
    QTest::newRow("the link") << int(Call::Readlinkat) << 1 << QStringLiteral(".#document.docx");
}

void tst_OwnerFiles::saysWhenThereMayBeMore()
{
    QFETCH(int, call);
    QFETCH(int, number);
    QFETCH(QString, name);
    const OwnerFilesPlace place;
    place.write(QStringLiteral("~$cument.docx"), goldenOwnerFile("msoffice-word"));
    Faults faults;
    faults.fail(static_cast<Call>(call), EACCES, number, ForEver);
    Failure failure;
    const QList<OwnerFile> files = ownerFilesBeside(QFile::encodeName(place.document()).toStdString(), &failure);
    QCOMPARE(failure.error, LockError::PermissionDenied);
    QVERIFY2(failure.text.contains(place.path(name)), qPrintable(failure.text));
    QCOMPARE(files.size(), call == int(Call::Fstatat) && number == 1 ? 0 : 1);
}

void tst_OwnerFiles::missesWhatVanishes()
{
    const OwnerFilesPlace place;
    const QString lock = place.path(QStringLiteral(".~lock.document.docx#"));
    place.write(QStringLiteral(".~lock.document.docx#"), "Ann,ann,desk7,,a;");
    const QString link = place.path(QStringLiteral(".#document.docx"));
    place.link(QStringLiteral(".#document.docx"), "anna@otherhost.1234");
    QCOMPARE(place.files().size(), 2);
    Faults faults;
    faults.before(Call::Openat, 1, [&] { QFile::remove(lock); });
    faults.after(Call::Readlinkat, 1, [&] { QFile::remove(link); });
    Failure failure;
    QVERIFY(ownerFilesBeside(QFile::encodeName(place.document()).toStdString(), &failure).isEmpty());
    QVERIFY(!failure.isSet());
}

void tst_OwnerFiles::takesNamesOfAnyLength()
{
    for (const int length : {1, 240, 247, 248, 250, 255}) {
        const OwnerFilesPlace place{QString(length, u'n')};
        place.write(u'.' + QString(std::min(length, 250), u'n') + QStringLiteral(".swp"), swapOf(1, "otherhost"));
        QCOMPARE(place.only().format, Format::Vim);
    }
}

QTEST_GUILESS_MAIN(tst_OwnerFiles)
#include "tst_ownerfiles.moc"
