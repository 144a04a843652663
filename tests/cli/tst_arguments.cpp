// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/arguments.h"
#include "cli/exitcode.h"

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Cli;
using namespace std::chrono_literals;

class TestArguments : public QObject
{
    Q_OBJECT

private:
    static QByteArrayList words(const char *line) { return QByteArray(line).split(' '); }
    static RunOptions runOf(const QByteArrayList &arguments)
    {
        const Request request = parse(arguments);
        if (const auto *error = std::get_if<UsageError>(&request))
            qWarning().noquote() << error->sentence;
        const auto *run = std::get_if<RunOptions>(&request);
        return run ? *run : RunOptions();
    }

private Q_SLOTS:
    void hasTheDefaultsOfFlock()
    {
        const RunOptions run = runOf(words("run f -- true"));
        QCOMPARE(run.file, QStringLiteral("f"));
        QCOMPARE(run.command, QByteArrayList{"true"});
        QCOMPARE(run.mode, LockMode::Exclusive);
        QVERIFY(run.blocking);
        QCOMPARE(run.timeout, -1ms);
        QVERIFY(!run.pollInterval);
        QCOMPARE(run.kind, Kind::File);
        QCOMPARE(run.onLoss, OnLoss::Tell);
        QVERIFY(!run.lifetime && !run.lease);
        QCOMPARE(run.conflictExitCode, 1);
        QCOMPARE(run.inheritance, Inheritance::Inherit);
        QCOMPARE(run.talk, Talk::Quiet);
    }

    void takesEveryOptionInEverySpelling_data()
    {
        QTest::addColumn<QByteArray>("options");
        QTest::addColumn<QByteArray>("spelling");
        for (const char *spelling : {"-s", "--shared", "-x -s", "-sn -s"})
            QTest::addRow("%s", spelling) << QByteArray("shared") << QByteArray(spelling);
        for (const char *spelling : {"-x", "-e", "--exclusive", "-s -x", "--shared -e"})
            QTest::addRow("%s", spelling) << QByteArray("exclusive") << QByteArray(spelling);
        for (const char *spelling : {"-n", "--nb", "--nonblock", "-xn", "-n -w 5"})
            QTest::addRow("%s", spelling) << QByteArray("nonblock") << QByteArray(spelling);
        for (const char *spelling : {"-w 2.5", "-w2.5", "--wait 2.5", "--wait=2.5", "--timeout 2.5", "--timeout=2.5",
                                     "-w 1 -w 2.5", "-xw 2.5"})
            QTest::addRow("%s", spelling) << QByteArray("timeout") << QByteArray(spelling);
        for (const char *spelling : {"--poll 0.25", "--poll=.25", "--poll 25e-2"})
            QTest::addRow("%s", spelling) << QByteArray("poll") << QByteArray(spelling);
        for (const char *spelling : {"-E 9", "-E9", "--conflict-exit-code 9", "--conflict-exit-code=9"})
            QTest::addRow("%s", spelling) << QByteArray("code") << QByteArray(spelling);
        for (const char *spelling : {"-o", "--close"})
            QTest::addRow("%s", spelling) << QByteArray("close") << QByteArray(spelling);
        for (const char *spelling : {"-v", "--verbose"})
            QTest::addRow("%s", spelling) << QByteArray("verbose") << QByteArray(spelling);
    }
    void takesEveryOptionInEverySpelling()
    {
        QFETCH(QByteArray, options);
        QFETCH(QByteArray, spelling);
        const RunOptions before = runOf(QByteArrayList{"run"} + spelling.split(' ') + words("f -- c"));
        const RunOptions after = runOf(words("run f") + spelling.split(' ') + words("-- c"));
        for (const RunOptions &run : {before, after}) {
            QCOMPARE(run.file, QStringLiteral("f"));
            QCOMPARE(run.mode, options == "shared" ? LockMode::Shared : LockMode::Exclusive);
            if (options == "nonblock")
                QVERIFY(!run.blocking);
            if (options == "timeout")
                QCOMPARE(run.timeout, 2500ms);
            QCOMPARE(run.pollInterval.value_or(0ms), options == "poll" ? 250ms : 0ms);
            QCOMPARE(run.conflictExitCode, options == "code" ? 9 : 1);
            QCOMPARE(run.inheritance, options == "close" ? Inheritance::Close : Inheritance::Inherit);
            QCOMPARE(run.talk, options == "verbose" ? Talk::Verbose : Talk::Quiet);
        }
    }

    void readsSeconds_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("milliseconds");
        QTest::addRow("zero is one attempt") << QByteArray("0") << qint64(0);
        QTest::addRow("whole") << QByteArray("3") << qint64(3000);
        QTest::addRow("no whole part") << QByteArray(".5") << qint64(500);
        QTest::addRow("no fraction after the point") << QByteArray("1.") << qint64(1000);
        QTest::addRow("exponent") << QByteArray("1e2") << qint64(100'000);
        QTest::addRow("not a millisecond too long") << QByteArray("0.007") << qint64(7);
        QTest::addRow("less than a millisecond still waits") << QByteArray("1e-9") << qint64(1);
        QTest::addRow("rounded up") << QByteArray("0.0011") << qint64(2);
        QTest::addRow("the longest") << QByteArray("1000000000") << qint64(1'000'000'000'000);
    }
    void readsSeconds()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, milliseconds);
        QCOMPARE(runOf({"run", "-w", text, "f", "--", "c"}).timeout.count(), milliseconds);
    }

    void leavesTheCommandAlone_data()
    {
        QTest::addColumn<QByteArrayList>("command");
        QTest::addRow("options of ours") << QByteArrayList{"c", "-n", "--help", "--timeout", "x", "--version"};
        QTest::addRow("more dashes") << QByteArrayList{"c", "--", "--", "-"};
        QTest::addRow("a command like an option") << QByteArrayList{"--help"};
        QTest::addRow("empty words") << QByteArrayList{"", "", " "};
        QTest::addRow("not UTF-8") << QByteArrayList{"c", "\xff\xfe"};
    }
    void leavesTheCommandAlone()
    {
        QFETCH(QByteArrayList, command);
        QCOMPARE(runOf(words("run f --") + command).command, command);
    }

    void refusesInOneSentenceThatNamesTheValue_data()
    {
        QTest::addColumn<QByteArrayList>("arguments");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char *line, const char *named) {
            QTest::addRow("%s", line) << words(line) << QByteArray(named);
        };
        QTest::addRow("nothing at all") << QByteArrayList() << QByteArray("subcommand");
        row("walk f -- c", "'walk'");
        row("--walk", "'--walk'");
        row("run", "FILE");
        row("run f", "COMMAND");
        row("run f --", "COMMAND");
        row("run -- c", "FILE");
        row("run f g -- c", "'g'");
        row("run f true", "'true'");
        row("run --bogus f -- c", "'bogus'");
        row("run -q f -- c", "'q'");
        row("run --verbose=1 f -- c", "'--verbose'");
        row("run f -w -- c", "'-w'");
        row("run -V f -- c", "'V'");
        row("run --kind hard f -- c", "'hard'");
        row("run --kind=SOFT f -- c", "'SOFT'");
        row("run --kind soft -s f -- c", "--shared");
        row("run --kind lease --shared f -- c", "--shared");
        row("run --kind strict -s f -- c", "--shared");
        row("run --kind soft --write f -- c", "--write");
        row("run --lease 5 f -- c", "--lease");
        row("run --kind soft-rw --lease 5 f -- c", "--lease");
        row("run --kind soft --database postgresql://h/d f -- c", "--database");
        row("run --database h f -- c", "--database");
        row("run --kind soft --read f -- c", "--read");
        row("run --kind lease --close f -- c", "--close");
        row("run --kind lease --lease 0.001 f -- c", "'0.001'");
        row("run --lifetime 0 f -- c", "'0'");
        row("run --on-loss panic f -- c", "'panic'");
        row("break", "FILE");
        row("break f g", "'g'");
        row("break --json f", "'json'");
        row("break f --claim", "'--claim'");
        row("status", "FILE");
        row("status f g", "'g'");
        row("status --xml f", "'xml'");
        row("status --json=1 f", "'--json'");
        for (const char *number : {"-1",   "-0",       "nan",   "NaN",    "-nan",       "inf",
                                   "-inf", "infinity", "1e400", "1e-400", "1000000001", "99999999999999999999",
                                   "",     " ",        " 1",    "1 ",     "1,5",        "+1",
                                   "0x10", "5s",       "five",  "1.2.3"}) {
            const QByteArray named = '\'' + QByteArray(number) + '\'';
            QTest::addRow("run -w '%s'", number) << QByteArrayList{"run", "-w", number, "f", "--", "c"} << named;
            QTest::addRow("run --timeout='%s'", number)
                << QByteArrayList{"run", QByteArray("--timeout=") + number, "f", "--", "c"} << named;
            QTest::addRow("run --poll '%s'", number)
                << QByteArrayList{"run", "--poll", number, "f", "--", "c"} << named;
        }
        row("run --poll 0 f -- c", "'0'");
        row("run --poll 0.0009 f -- c", "'0.0009'");
        row("run --poll 86401 f -- c", "'86401'");
        for (const char *number : {"-1", "256", "300", "", " 1", "1.5", "x", "0x1", "99999999999999999999", "nan"})
            QTest::addRow("run -E '%s'", number)
                << QByteArrayList{"run", "-E", number, "f", "--", "c"} << '\'' + QByteArray(number) + '\'';
        QTest::addRow("a file that is not UTF-8")
            << QByteArrayList{"run", "\xff", "--", "c"} << QByteArray("argument 1");
    }
    void refusesInOneSentenceThatNamesTheValue()
    {
        QFETCH(QByteArrayList, arguments);
        QFETCH(QByteArray, named);
        const Request request = parse(arguments);
        const auto *error = std::get_if<UsageError>(&request);
        QVERIFY(error);
        QVERIFY2(error->sentence.contains(QString::fromUtf8(named)), qPrintable(error->sentence));
        QVERIFY2(error->sentence.contains(QStringLiteral("; see 'holdfast ")), qPrintable(error->sentence));
        QVERIFY2(!error->sentence.contains(u'\n') && !error->sentence.endsWith(u'.'), qPrintable(error->sentence));
    }

    void showsTexts_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("--help") << QByteArray("--help") << QByteArray("Usage: holdfast run");
        QTest::newRow("-h") << QByteArray("-h") << QByteArray("Usage: holdfast run");
        QTest::newRow("run --help") << QByteArray("run --help") << QByteArray("Usage: holdfast run [OPTION");
        QTest::newRow("run -h wins over what is missing")
            << QByteArray("run -w x -h") << QByteArray("Usage: holdfast run");
        QTest::newRow("status --help") << QByteArray("status --help") << QByteArray("Usage: holdfast status");
        QTest::newRow("break --help") << QByteArray("break --help") << QByteArray("Usage: holdfast break");
        QTest::newRow("--version") << QByteArray("--version") << QByteArray("holdfast 0.");
        QTest::newRow("-V") << QByteArray("-V") << QByteArray("holdfast 0.");
    }
    void showsTexts()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, begin);
        const Request request = parse(line.split(' '));
        const auto *text = std::get_if<TextToShow>(&request);
        QVERIFY(text);
        QVERIFY2(text->text.startsWith(QString::fromUtf8(begin)), qPrintable(text->text));
        QVERIFY(text->text.endsWith(u'\n'));
    }

    void readsStatus()
    {
        const Request request = parse(words("status --json -- -f"));
        const auto *status = std::get_if<StatusOptions>(&request);
        QVERIFY(status);
        QCOMPARE(status->file, QStringLiteral("-f"));
        QCOMPARE(status->form, Form::Json);
    }

    void readsTheKinds_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<LockMode>("mode");
        QTest::addColumn<OnLoss>("onLoss");
        const auto row = [](const char *line, Kind kind, LockMode mode, OnLoss onLoss) {
            QTest::addRow("%s", line) << QByteArray(line) << kind << mode << onLoss;
        };
        row("--kind file", Kind::File, LockMode::Exclusive, OnLoss::Tell);
        row("-k soft", Kind::Soft, LockMode::Exclusive, OnLoss::Tell);
        row("-k soft -s -x", Kind::Soft, LockMode::Exclusive, OnLoss::Tell);
        row("--kind=lease", Kind::Lease, LockMode::Exclusive, OnLoss::Terminate);
        row("--kind lease --on-loss tell", Kind::Lease, LockMode::Exclusive, OnLoss::Tell);
        row("--kind strict --exclusive", Kind::Strict, LockMode::Exclusive, OnLoss::Tell);
        row("--kind soft-rw", Kind::SoftReadWrite, LockMode::Exclusive, OnLoss::Terminate);
        row("--read --kind soft-rw", Kind::SoftReadWrite, LockMode::Shared, OnLoss::Terminate);
        row("--kind soft-rw --shared", Kind::SoftReadWrite, LockMode::Shared, OnLoss::Terminate);
        row("--kind soft-rw --read --write", Kind::SoftReadWrite, LockMode::Exclusive, OnLoss::Terminate);
        row("--kind rw --shared", Kind::ReadWrite, LockMode::Shared, OnLoss::Tell);
        row("--read", Kind::ReadWrite, LockMode::Shared, OnLoss::Tell);
        row("--write", Kind::ReadWrite, LockMode::Exclusive, OnLoss::Tell);
        row("--database postgres://h/d", Kind::ReadWrite, LockMode::Exclusive, OnLoss::Terminate);
        row("--on-loss=terminate", Kind::File, LockMode::Exclusive, OnLoss::Terminate);
    }
    void readsTheKinds()
    {
        QFETCH(QByteArray, line);
        const RunOptions run = runOf(QByteArrayList{"run"} + line.split(' ') + words("f -- c"));
        QTEST(run.kind, "kind");
        QTEST(run.mode, "mode");
        QTEST(run.onLoss, "onLoss");
        QCOMPARE(runOf(words("run --kind lease --lease 2.5 --lifetime 7 f -- c")).lease, 2500ms);
        QCOMPARE(runOf(words("run --kind lease --lease 2.5 --lifetime 7 f -- c")).lifetime, 7000ms);
    }

    void readsServers_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("database");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("options");
        const auto row = [](const char *address, const char *host, int port, const char *database, const char *user,
                            const char *options) {
            QTest::newRow(address) << QByteArray(address) << QString::fromUtf8(host) << port
                                   << QString::fromUtf8(database) << QString::fromUtf8(user)
                                   << QString::fromUtf8(options);
        };
        row("postgresql://anna%40x@db.example:5433/plans?sslmode=require&connect_timeout=3", "db.example", 5433,
            "plans", "anna@x", "sslmode=require;connect_timeout=3");
        row("postgres://", "", -1, "", "", "");
        row("postgresql:///plans?host=/run/postgresql", "/run/postgresql", -1, "plans", "", "");
        row("postgresql://anna@%2Frun%2Fa%20b:54777/plans", "/run/a b", 54777, "plans", "anna", "");
        row("postgresql://%2frun", "/run", -1, "", "", "");
        row("postgresql://anna@/plans?host=%2Frun&port=54777", "/run", 54777, "plans", "anna", "");
        row("postgresql://anna@:54777/plans?host=/run", "/run", 54777, "plans", "anna", "");
        row("postgresql://anna:@h/", "h", -1, "", "anna", "");
        row("postgresql://anna@[::1]:54777/plans", "::1", 54777, "plans", "anna", "");
        row("postgresql://[fe80::1%25eth0]?user=anna", "fe80::1%eth0", -1, "", "anna", "");
        row("postgresql://My_Host/a/b", "My_Host", -1, "a/b", "", "");
        row("postgresql://h/%C3%A4?dbname=%C3%B6", "h", -1, "ö", "", "");
        row("postgresql://h/d?ssl=true", "h", -1, "d", "", "sslmode=require");
        row("postgresql://h/d?options=-c%20a%3Db", "h", -1, "d", "", "options='-c a=b'");
        row("postgresql://h/d?application_name=it's%5C&sslcert=", "h", -1, "d", "",
            "application_name='it\\'s\\\\';sslcert=''");
    }
    void readsServers()
    {
        QFETCH(QByteArray, address);
        QFETCH(QString, host);
        QFETCH(int, port);
        QFETCH(QString, database);
        QFETCH(QString, user);
        QFETCH(QString, options);
        const Request request = parse({"run", "--database", address, "f", "--", "c"});
        if (const auto *error = std::get_if<UsageError>(&request))
            QFAIL(qPrintable(error->sentence));
        const Server server = *std::get<RunOptions>(request).server;
        QCOMPARE(server.host, host);
        QCOMPARE(server.port, port);
        QCOMPARE(server.database, database);
        QCOMPARE(server.user, user);
        QCOMPARE(server.options, options);
    }

    void saysWhatIsWrongWithAnAddress_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<QString>("part");
        const auto row = [](const char *address, const char *part) {
            QTest::newRow(address) << QByteArray(address) << QString::fromLatin1(part);
        };
        row("plans", "postgresql://user@host:port/database");
        row("host=h dbname=plans", "?host=/directory&port=number");
        row("postgresql://a,b/plans", "several hosts");
        row("postgresql://a:1,b:2/plans", "several hosts");
        row("postgresql://[::1],[::2]:5/plans", "several hosts");
        row("postgresql://a%2Cb/plans", "several hosts");
        row("postgresql:///plans?host=/run,b", "several hosts");
        row("postgresql:///plans?hostaddr=::1,::2", "several hosts");
        row("postgresql://a/plans?port=1,2", "several hosts");
        row("postgresql://[::1/plans", "bracket");
        row("postgresql://[::1]x/plans", "bracket");
        row("postgresql://::1/plans", "[::1]");
        row("postgresql://a:b/plans", "port");
        row("postgresql://a:0/plans", "port");
        row("postgresql://a:65536/plans", "port");
        row("postgresql://a/plans?port=x", "port");
        row("postgresql://a%2/plans", "%");
        row("postgresql://a/pl%00ans", "%");
        row("postgresql://a/plans?sslmode=a%3Bb", "semicolon");
        row("postgresql://a/plans?sslmode", "name=value");
        row("postgresql://a/plans?a=b=c", "name=value");
        row("postgresql://a/plans?sslmode%3Da%20user=b", "name=value");
        row("postgresql://anna:b@c@a/plans", "a password there");
        row("postgresql://anna:b/c@a/plans", "a password there");
        row("postgresql://anna:1/c@a/plans", "a password there");
        row("postgresql://a/plans?pass%77ord=b", "a password there");
        row("postgresql://a:1/c@d", "%40");
    }
    void saysWhatIsWrongWithAnAddress()
    {
        QFETCH(QByteArray, address);
        QFETCH(QString, part);
        const Request request = parse({"run", "--database", address, "f", "--", "c"});
        const auto *error = std::get_if<UsageError>(&request);
        QVERIFY(error);
        QVERIFY2(error->sentence.contains(part), qPrintable(error->sentence));
    }

    void readsBreak()
    {
        const Request request = parse(words("break --claim a --marker b -f x"));
        const auto *options = std::get_if<BreakOptions>(&request);
        QVERIFY(options);
        QCOMPARE(options->file, QStringLiteral("x"));
        QCOMPARE(options->names, (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
        QCOMPARE(options->consent, Consent::Given);
    }

    void givesEveryErrorItsExitStatus_data()
    {
        QTest::addColumn<LockError>("error");
        QTest::addColumn<int>("status");
        QTest::addRow("an empty path cannot be opened") << LockError::InvalidArgument << 66;
        QTest::addRow("denied") << LockError::PermissionDenied << 66;
        QTest::addRow("no directory") << LockError::NotFound << 66;
        QTest::addRow("a directory") << LockError::NotAFile << 66;
        QTest::addRow("too long") << LockError::NameTooLong << 66;
        QTest::addRow("read-only") << LockError::ReadOnlyLocation << 73;
        QTest::addRow("full") << LockError::NoSpace << 73;
        QTest::addRow("no locks there") << LockError::Unsupported << 65;
        QTest::addRow("another kind is there") << LockError::OtherFamily << 65;
        QTest::addRow("another duration") << LockError::SettingsMismatch << 65;
        QTest::addRow("damage") << LockError::Damaged << 65;
        QTest::addRow("something in the file") << LockError::NotALockFile << 65;
        QTest::addRow("no server") << LockError::ConnectionFailed << 68;
        QTest::addRow("no descriptors") << LockError::OutOfResources << 71;
        QTest::addRow("no descriptor to inherit") << LockError::CallbackFailed << 71;
        QTest::addRow("anything else") << LockError::System << 71;
        QTest::addRow("our mistake") << LockError::Misuse << 70;
    }
    void givesEveryErrorItsExitStatus()
    {
        QFETCH(LockError, error);
        QFETCH(int, status);
        QCOMPARE(exitCodeFor(error), status);
    }
};

QTEST_GUILESS_MAIN(TestArguments)
#include "tst_arguments.moc"
