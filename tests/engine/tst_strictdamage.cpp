// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "engine/strictclaims.h"
#include "manualclock.h"
#include "strictfiles.h"

#include <QtTest/qtest.h>

#include <sys/stat.h>
#include <utime.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(Holdfast::LockError)

/** A directory of claims that somebody else has been in. Labels as in the specification. */
class tst_StrictDamage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void damageIsToldAndNobodyGetsTheLock_data();
    void damageIsToldAndNobodyGetsTheLock();
    void aDirectoryThatIsNoneIsDamage_data();
    void aDirectoryThatIsNoneIsDamage();
    void tellsWhatCanBeRead();
    void acceptsTheGreatestProcess();
    void refusesToBreakWhatIsNoName_data();
    void refusesToBreakWhatIsNoName();
    void breaksWhatItDoesNotUnderstand();
    void leftoversOfPublishersAreRemoved_data();
    void leftoversOfPublishersAreRemoved();
    void aPrivateNameOfNoFileIsDamage_data();
    void aPrivateNameOfNoFileIsDamage();
    void leftoverSentinelsAreRemoved();
    void whatCannotBeReadIsReadAgain_data();
    void whatCannotBeReadIsReadAgain();
    void aClaimThatIsReplacedWhileOpenedIsDamage();
    void aListThatCannotBeReadIsDamage();
};

namespace {

const QString Name = QStringLiteral("held-v1-45cc219088120dd482ea5c24636d16a1.claim");

QByteArray lines(const QByteArray &token, const QByteArray &process, const QByteArray &host, const QByteArray &start)
{
    return "filelock-strict-v1\n" + token + '\n' + process + '\n' + host + '\n' + start + '\n';
}

} // namespace

void tst_StrictDamage::damageIsToldAndNobodyGetsTheLock_data() // N5
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("record");
    QTest::addColumn<QString>("reason");
    const QByteArray good = StrictFiles::record(StrictFiles::Token);
    const QByteArray &token = StrictFiles::Token;
    const QString unknown = QStringLiteral("its name is not");
    const auto name = [](const char *text) { return QString::fromLatin1(text); };
    QTest::newRow("a stray file") << name("notes.txt") << good << unknown;
    QTest::newRow("version 0") << name("held-v0-45cc219088120dd482ea5c24636d16a1.claim") << good << unknown;
    QTest::newRow("version 2") << name("held-v2-45cc219088120dd482ea5c24636d16a1.claim") << good << unknown;
    QTest::newRow("a short token") << name("held-v1-45cc219088120dd482ea5c24636d16a.claim") << good << unknown;
    QTest::newRow("an uppercase token") << name("held-v1-45CC219088120DD482EA5C24636D16A1.claim") << good << unknown;
    QTest::newRow("another state") << name("lost-v1-45cc219088120dd482ea5c24636d16a1.claim") << good << unknown;
    QTest::newRow("empty") << Name << QByteArray() << QStringLiteral("five lines");
    QTest::newRow("cut off") << Name << good.chopped(1) << QStringLiteral("five lines");
    QTest::newRow("another token inside")
        << Name << StrictFiles::record("55cc219088120dd482ea5c24636d16a1") << QStringLiteral("token");
    QTest::newRow("process 0") << Name << lines(token, "0", "766d", "1") << QStringLiteral("process");
    QTest::newRow("process 2^31") << Name << lines(token, "2147483648", "766d", "1") << QStringLiteral("process");
    QTest::newRow("leading zeros") << Name << lines(token, "01", "766d", "1") << QStringLiteral("process");
    QTest::newRow("uppercase host") << Name << lines(token, "1", "766D", "1") << QStringLiteral("host");
    QTest::newRow("a control character in the host") << Name << lines(token, "1", "0a", "1") << QStringLiteral("host");
    QTest::newRow("a start with zeros") << Name << lines(token, "1", "766d", "01") << QStringLiteral("start token");
    QTest::newRow("too long") << Name << good + QByteArray(1024, 'x') << QStringLiteral("1024");
}

void tst_StrictDamage::damageIsToldAndNobodyGetsTheLock()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, record);
    QFETCH(QString, reason);
    const StrictFiles files;
    files.makeDirectories();
    write(files.claim(name), record);
    const auto backend = files.backend();
    const Attempt attempt = backend->attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, Attempt::Failed);
    QCOMPARE(attempt.failure.error, LockError::Damaged);
    const QString &text = attempt.failure.text;
    QVERIFY2(text.contains(files.path()) && text.contains(name) && text.contains(reason), qPrintable(text));
    QCOMPARE(files.names(), QStringList{name});
    const ClaimList list = strictClaims(files.encoded());
    QCOMPARE(list.failure.error, LockError::Damaged);
    QCOMPARE(list.failure.text, text);
    QVERIFY(list.claims.empty());
    QVERIFY(!breakClaim(files.encoded(), name).isSet());
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_StrictDamage::aDirectoryThatIsNoneIsDamage_data() // N6, and N5's directory and symbolic link
{
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("what");
    for (const char *what : {"file", "link", "directory"}) {
        for (const char *where : {".filelock", ".filelock/claims", ".filelock/claims/NAME"}) {
            const bool isGood = QByteArray(what) == "directory" && !QByteArray(where).endsWith("NAME");
            const bool isClaim = QByteArray(what) == "file" && QByteArray(where).endsWith("NAME");
            if (!isGood && !isClaim)
                QTest::addRow("a %s at %s", what, where) << QString::fromLatin1(where) << QString::fromLatin1(what);
        }
    }
}

void tst_StrictDamage::aDirectoryThatIsNoneIsDamage()
{
    QFETCH(QString, where);
    QFETCH(QString, what);
    const StrictFiles files;
    where.replace(QStringLiteral("NAME"), Name);
    const QString path = files.path() + where;
    QDir().mkpath(QFileInfo(path).path());
    if (what == QLatin1String("file"))
        write(path, {});
    else if (what == QLatin1String("link"))
        QFile::link(files.beside(QString()), path);
    else
        QDir().mkdir(path);
    const auto backend = files.backend();
    const Attempt attempt = backend->attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, Attempt::Failed);
    QCOMPARE(attempt.failure.error, LockError::Damaged);
    QVERIFY2(attempt.failure.text.contains(QFileInfo(path).fileName()), qPrintable(attempt.failure.text));
    QCOMPARE(strictClaims(files.encoded()).failure.error, LockError::Damaged);
}

void tst_StrictDamage::tellsWhatCanBeRead()
{
    const StrictFiles files;
    files.addClaim(QStringLiteral("held"), StrictFiles::Token);
    files.addClaim(QStringLiteral("intent"), StrictFiles::Token);
    write(files.claim(QStringLiteral("a stray file")), {});
    const ClaimList list = strictClaims(files.encoded());
    QCOMPARE(list.claims.size(), std::size_t(2));
    QCOMPARE(list.failure.error, LockError::Damaged);
    QVERIFY(list.failure.text.contains(QStringLiteral("a stray file")));
}

void tst_StrictDamage::acceptsTheGreatestProcess()
{
    const StrictFiles files;
    files.makeDirectories();
    write(files.claim(Name), lines(StrictFiles::Token, "2147483647", "766d", {})); // and no start token
    QCOMPARE(files.backend()->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(strictHolder(files.encoded()).processId, 2147483647);
}

void tst_StrictDamage::refusesToBreakWhatIsNoName_data() // N8
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<LockError>("error");
    const QString nul = Name + QChar(QChar::Null);
    QTest::newRow("empty") << QString() << LockError::InvalidArgument;
    QTest::newRow("a dot in front") << QStringLiteral(".") + Name << LockError::InvalidArgument;
    QTest::newRow("the directory above") << QStringLiteral("..") << LockError::InvalidArgument;
    QTest::newRow("a slash") << QStringLiteral("../claims/") + Name << LockError::InvalidArgument;
    QTest::newRow("a backslash") << QStringLiteral("..\\") + Name << LockError::InvalidArgument;
    QTest::newRow("NUL") << nul << LockError::InvalidArgument;
    QTest::newRow("another case") << Name.toUpper() << LockError::NotFound;
    QTest::newRow("another token") << QStringLiteral("held-v1-55cc219088120dd482ea5c24636d16a1.claim")
                                   << LockError::NotFound;
}

void tst_StrictDamage::refusesToBreakWhatIsNoName()
{
    QFETCH(QString, name);
    QFETCH(LockError, error);
    const StrictFiles files;
    QCOMPARE(breakClaim(files.encoded(), name).error, error); // nothing there at all
    QVERIFY(!QFile::exists(files.path() + QStringLiteral(".filelock")));
    files.addClaim(QStringLiteral("held"), StrictFiles::Token);
    const Failure failure = breakClaim(files.encoded(), name);
    QCOMPARE(failure.error, error);
    QVERIFY(!failure.text.isEmpty());
    QCOMPARE(files.names(), QStringList{Name});
}

void tst_StrictDamage::breaksWhatItDoesNotUnderstand()
{
    const StrictFiles files;
    files.makeDirectories();
    const QString newer = QStringLiteral("held-v7-something.claim");
    write(files.claim(newer), "from the future");
    QVERIFY(!breakClaim(files.encoded(), newer).isSet());
    QCOMPARE(files.names(), QStringList());
    QDir().mkdir(files.claim(newer)); // that is more than it dares to remove
    QVERIFY(breakClaim(files.encoded(), newer).isSet());
}

void tst_StrictDamage::leftoversOfPublishersAreRemoved_data() // N12
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("age");
    QTest::addColumn<bool>("linked");
    QTest::addColumn<bool>("stays");
    const QString leftover = QStringLiteral(".%1.private-v1-00000000000000000000000000000000.tmp");
    const QString claim = leftover.arg(Name);
    QTest::newRow("old") << claim << 3600 << false << false;
    QTest::newRow("young: somebody may be writing it") << claim << 0 << false << true;
    QTest::newRow("from the future") << claim << -3600 << false << true;
    QTest::newRow("young, but published") << claim << 0 << true << false;
    QTest::newRow("another name with a dot") << QStringLiteral(".nfs0123") << 3600 << false << true;
    QTest::newRow("private, but of no claim") << leftover.arg(QStringLiteral("notes")) << 3600 << false << true;
}

void tst_StrictDamage::leftoversOfPublishersAreRemoved()
{
    QFETCH(QString, name);
    QFETCH(int, age);
    QFETCH(bool, linked);
    QFETCH(bool, stays);
    const StrictFiles files;
    files.makeDirectories();
    write(files.claim(name), "half a rec");
    if (linked)
        ::link(QFile::encodeName(files.claim(name)).constData(),
               QFile::encodeName(files.beside(QStringLiteral("x"))).constData());
    const time_t then = ::time(nullptr) - age;
    const utimbuf times{then, then};
    ::utime(QFile::encodeName(files.claim(name)).constData(), &times);
    const auto backend = files.backend();
    strictClaims(files.encoded()); // only looks
    QVERIFY(files.names().contains(name));
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(files.names().contains(name), stays);
}

void tst_StrictDamage::aPrivateNameOfNoFileIsDamage_data() // N12
{
    QTest::addColumn<QString>("what");
    QTest::newRow("a directory") << QStringLiteral("directory");
    QTest::newRow("a symbolic link") << QStringLiteral("link");
    QTest::newRow("a pipe") << QStringLiteral("pipe");
}

void tst_StrictDamage::aPrivateNameOfNoFileIsDamage()
{
    QFETCH(QString, what);
    const StrictFiles files;
    files.use();
    const QString name = QStringLiteral(".%1.private-v1-00000000000000000000000000000000.tmp").arg(Name);
    const QString path = files.claim(name);
    if (what == QLatin1String("directory"))
        QDir().mkdir(path);
    else if (what == QLatin1String("link"))
        QFile::link(files.path(), path);
    else
        QCOMPARE(::mkfifo(QFile::encodeName(path).constData(), 0666), 0);
    const auto backend = files.backend();
    const Attempt attempt = backend->attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, Attempt::Failed);
    QCOMPARE(attempt.failure.error, LockError::Damaged);
    QVERIFY(attempt.failure.text.contains(name));
    QCOMPARE(files.names(), QStringList{name});
}

void tst_StrictDamage::leftoverSentinelsAreRemoved()
{
    const StrictFiles files;
    const QString mine = files.beside(QStringLiteral(".a.lock.private-v1-00000000000000000000000000000000.tmp"));
    const QString other = files.beside(QStringLiteral(".b.lock.private-v1-00000000000000000000000000000000.tmp"));
    const utimbuf old{1000, 1000};
    for (const QString &path : {mine, other}) {
        write(path, {});
        ::utime(QFile::encodeName(path).constData(), &old);
    }
    QCOMPARE(files.backend()->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QVERIFY(!QFile::exists(mine));
    QVERIFY(QFile::exists(other));
}

void tst_StrictDamage::whatCannotBeReadIsReadAgain_data() // N15
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("isGiven");
    QTest::addColumn<int>("inTheEnd");
    for (const auto &[name, call] : {std::pair("open", Call::Openat), {"fstat", Call::Fstat}, {"read", Call::Pread}}) {
        QTest::addRow("ESTALE in %s: it has gone", name) << int(call) << ESTALE << true << int(Attempt::Acquired);
        QTest::addRow("EACCES in %s: damage", name) << int(call) << EACCES << true << int(Attempt::Failed);
        QTest::addRow("EIO in %s: damage at once", name) << int(call) << EIO << false << int(Attempt::Failed);
    }
}

void tst_StrictDamage::whatCannotBeReadIsReadAgain()
{
    QFETCH(int, call);
    QFETCH(int, code);
    QFETCH(bool, isGiven);
    QFETCH(int, inTheEnd);
    const StrictFiles files;
    files.use();
    files.addClaim(QStringLiteral("intent"), StrictFiles::Token);
    const QString claim = files.claim(files.names().first());
    const ManualTime time;
    Faults faults;
    // Only the calls on this claim fail: those on the sentinel go on.
    static QByteArray s_claim;
    static Call s_call;
    static int s_code;
    s_claim = QFileInfo(claim).fileName().toLatin1();
    s_call = Call(call);
    s_code = code;
    static ino_t s_inode;
    s_inode = statOf(claim).st_ino;
    const auto before = os::systemCalls();
    static os::SystemCalls s_before;
    s_before = before;
    const auto isIt = [](int descriptor) {
        struct stat facts = {};
        return ::fstat(descriptor, &facts) == 0 && facts.st_ino == s_inode;
    };
    static bool (*s_isIt)(int);
    s_isIt = isIt;
    os::systemCalls().openat = [](int directory, const char *name, int flags, mode_t mode) {
        if (s_call == Call::Openat && s_claim == name)
            return errno = s_code, -1;
        return s_before.openat(directory, name, flags, mode);
    };
    os::systemCalls().fstat = [](int descriptor, struct stat *facts) {
        if (s_call == Call::Fstat && s_isIt(descriptor))
            return errno = s_code, -1;
        return s_before.fstat(descriptor, facts);
    };
    os::systemCalls().pread = [](int descriptor, void *bytes, size_t size, off_t from) -> ssize_t {
        if (s_call == Call::Pread && s_isIt(descriptor))
            return errno = s_code, -1;
        return s_before.pread(descriptor, bytes, size, from);
    };
    QCOMPARE(strictClaims(files.encoded()).failure.isSet(), code != ESTALE); // who only asks is told at once
    const auto backend = files.backend();
    Attempt attempt = backend->attempt(LockMode::Exclusive);
    if (isGiven) {
        s_call = Call::Count; // readable in between: then the time begins again
        time->pass(400ms);
        QVERIFY(backend->attempt(LockMode::Exclusive).retryIn != 2ms);
        s_call = Call(call);
        time->pass(400ms);
        attempt = backend->attempt(LockMode::Exclusive);
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(attempt.answer, Attempt::Busy);
            QCOMPARE(attempt.retryIn, 2ms);
            time->pass(99ms);
            attempt = backend->attempt(LockMode::Exclusive);
        }
        QCOMPARE(attempt.answer, Attempt::Busy); // 495 ms
        time->pass(10ms);
        attempt = backend->attempt(LockMode::Exclusive);
    }
    QCOMPARE(int(attempt.answer), inTheEnd);
    if (attempt.answer == Attempt::Failed) {
        QCOMPARE(attempt.failure.error, LockError::Damaged);
        QVERIFY(attempt.failure.text.contains(QFileInfo(claim).fileName()));
    }
    os::systemCalls() = before;
}

void tst_StrictDamage::aClaimThatIsReplacedWhileOpenedIsDamage()
{
    const StrictFiles files;
    files.use();
    files.addClaim(QStringLiteral("held"), StrictFiles::Token);
    write(files.claim(QStringLiteral("../new")), StrictFiles::record(StrictFiles::Token));
    const auto backend = files.backend();
    Faults faults;
    int opened = 0;
    for (int number = 1; number < 12; ++number) {
        faults.before(Call::Openat, number, [&, number] {
            ++opened;
            if (number == 6)
                ::rename(QFile::encodeName(files.claim(QStringLiteral("../new"))).constData(),
                         QFile::encodeName(files.claim(Name)).constData());
        });
    }
    const Attempt attempt = backend->attempt(LockMode::Exclusive);
    QCOMPARE(opened, 6); // three directories, the sentinel, the list, the claim
    QCOMPARE(attempt.answer, Attempt::Failed);
    QCOMPARE(attempt.failure.error, LockError::Damaged);
    QVERIFY2(attempt.failure.text.contains(QStringLiteral("replaced")), qPrintable(attempt.failure.text));
}

void tst_StrictDamage::aListThatCannotBeReadIsDamage() // N6
{
    const StrictFiles files;
    files.use();
    for (const Call call : {Call::Fdopendir, Call::Readdir}) {
        for (int number = 1; number <= 3; ++number) {
            Faults faults;
            const auto backend = files.backend();
            faults.fail(call, EIO, call == Call::Readdir ? 3 * number : number);
            const Attempt attempt = backend->attempt(LockMode::Exclusive);
            QCOMPARE(attempt.answer, Attempt::Failed);
            QCOMPARE(attempt.failure.error, LockError::Damaged);
            QCOMPARE(files.names(), QStringList());
        }
    }
    Faults faults;
    faults.fail(Call::Fdopendir, EMFILE);
    QCOMPARE(files.backend()->attempt(LockMode::Exclusive).failure.error, LockError::OutOfResources);
}

QTEST_GUILESS_MAIN(tst_StrictDamage)
#include "tst_strictdamage.moc"
