// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/leaserecord.h"

using Holdfast::records::claimsProtocolTwo;
using Holdfast::records::LeaseContract;
using Holdfast::records::LeaseRecord;
using Holdfast::records::readLeaseRecord;
using Holdfast::records::writeLeaseRecord;

Q_DECLARE_METATYPE(LeaseRecord)

class tst_LeaseRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAndWritesThePythonBytes();
    void writesWithoutAStartToken();
    void writesNoClaimUnderAnUnknownContract();
    void reads_data();
    void reads();
    void anUnknownContractIsAnOwnerAndNothingElse();
    void refuses_data();
    void refuses();
    void tellsTheProtocol_data();
    void tellsTheProtocol();
};

void tst_LeaseRecord::readsAndWritesThePythonBytes()
{
    const std::string bytes = golden("leaserecord");
    QCOMPARE(bytes.size(), 157u);
    const LeaseRecord record{29467,
                             "vm",
                             LeaseContract::Lease,
                             "992e4acb79047bbd586dc0e2bd081fb4",
                             0.9,
                             "4564968143935799161601706105914022163149293324252142017316"};
    QVERIFY(readLeaseRecord(Bytes(bytes)) == record);
    QCOMPARE(writeLeaseRecord(record), bytes);
}

void tst_LeaseRecord::writesWithoutAStartToken()
{
    QCOMPARE(writeLeaseRecord({1, "h", LeaseContract::Lease, "t", 30, ""}),
             std::string("filelock/2\npid=1\nhost=h\nmode=lease\ntoken=t\nduration=30.0\n"));
}

void tst_LeaseRecord::writesNoClaimUnderAnUnknownContract()
{
    QCOMPARE(writeLeaseRecord({1, "h", LeaseContract::Unknown, "t", 30, ""}),
             std::string("filelock/2\npid=1\nhost=h\nmode=unknown\n"));
}

void tst_LeaseRecord::reads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<LeaseRecord>("record");
    const auto row = [](const char *claim, const QByteArray &bytes, const LeaseRecord &record) {
        QTest::newRow(claim) << bytes << record;
    };
    const LeaseRecord plain{1, "h", LeaseContract::Lease, "t", 30, ""};
    const auto with = [plain](auto change) {
        LeaseRecord record = plain;
        change(record);
        return record;
    };
    const QByteArray head = "filelock/2\npid=1\nhost=h\nmode=lease\n";
    row("without a start token", head + "token=t\nduration=30.0\n", plain);
    row("with one", head + "token=t\nduration=30.0\nstart=7\n", with([](auto &record) { record.startToken = "7"; }));
    row("a whole number of seconds", head + "token=t\nduration=30\n", plain);
    row("an exponent", head + "token=t\nduration=1e+22\n", with([](auto &record) { record.duration = 1e22; }));
    row("a very short one", head + "token=t\nduration=1e-05\n", with([](auto &record) { record.duration = 1e-5; }));
    row("the shortest one", head + "token=t\nduration=5e-324\n", with([](auto &record) { record.duration = 5e-324; }));
    row("in any order", "filelock/2\nduration=30.0\ntoken=t\nmode=lease\nhost=h\npid=1\n", plain);
    row("keys that nobody knows", head + "token=t\nduration=30.0\ncolour=blue\n=\n=x\n", plain);
    row("keys are told by case", head + "token=t\nduration=30.0\nPID=2\npid =3\n", plain);
    row("of two equal keys the last", "filelock/2\npid=x\npid=1\nhost=g\n" + head.mid(17) + "token=t\nduration=30\n",
        plain);
    row("the first equals sign counts", head + "token==t=\nduration=30\n",
        with([](auto &record) { record.token = "=t="; }));
    row("a host keeps its blanks", "filelock/2\npid=1\nhost= h \nmode=lease\ntoken=t\nduration=30\n",
        with([](auto &record) { record.host = " h "; }));
    row("numbers may begin with zeros", "filelock/2\npid=01\nhost=h\nmode=lease\ntoken=t\nduration=030\nstart=07\n",
        with([](auto &record) { record.startToken = "7"; }));
    row("Windows lines", "filelock/2\r\npid=1\r\nhost=h\r\nmode=lease\r\ntoken=t\r\nduration=30\r\n", plain);
    row("white space around", "\n\n " + head + "token=t\nduration=30.0 \n\n", plain);
    row("the greatest process", "filelock/2\npid=2147483647\nhost=h\nmode=lease\ntoken=t\nduration=30\n",
        with([](auto &record) { record.process = 2147483647; }));
    const QByteArray exact = head + "token=t\nduration=30\nx=";
    row("1024 bytes", exact + QByteArray(1023 - exact.size(), 'x') + "\n", plain);
    const LeaseRecord unknown{1, "h", LeaseContract::Unknown, "", 0, ""};
    row("another mode", "filelock/2\npid=1\nhost=h\nmode=eternal\n", unknown);
    row("an empty mode", "filelock/2\npid=1\nhost=h\nmode=\n.=\n", unknown);
    row("modes are told by case", "filelock/2\npid=1\nhost=h\nmode=Lease\n", unknown);
    row("modes are told by blanks", "filelock/2\npid=1\nhost=h\nmode= lease\n", unknown);
    row("another mode that never ends", "filelock/2\npid=1\nhost=h\nmode=x\nduration=1e+400\n", unknown);
    row("an exclusive marker", "filelock/2\npid=1\nhost=h\nmode=exclusive\nstart=7\n",
        {1, "h", LeaseContract::Exclusive, "", 0, "7"});
}

void tst_LeaseRecord::reads()
{
    QFETCH(QByteArray, bytes);
    QFETCH(LeaseRecord, record);
    QVERIFY(readLeaseRecord(Bytes(bytes)) == record);
    QVERIFY(readLeaseRecord(Bytes(writeLeaseRecord(record))) == record);
    QVERIFY(claimsProtocolTwo(Bytes(bytes)));
}

void tst_LeaseRecord::anUnknownContractIsAnOwnerAndNothingElse()
{
    const auto record =
        readLeaseRecord("filelock/2\npid=29\nhost=vm\nmode=eternal\ntoken=t\nduration=5\nstart=7\nuntil=noon\n");
    QVERIFY(record == (LeaseRecord{29, "vm", LeaseContract::Unknown, "", 0, "7"}));
}

void tst_LeaseRecord::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *claim, const QByteArray &bytes) { QTest::newRow(claim) << bytes; };
    const QByteArray head = "filelock/2\npid=1\nhost=h\nmode=lease\n";
    const QByteArray claim = "token=t\nduration=30\n";
    row("nothing", "");
    row("white space", " \n");
    row("only the protocol", "filelock/2\n");
    row("the first protocol", "1\nh\n7\n");
    row("the third protocol", "filelock/3\npid=1\nhost=h\nmode=lease\n" + claim);
    row("a longer word", "filelock/20\npid=1\nhost=h\nmode=lease\n" + claim);
    row("a blank behind the protocol", "filelock/2 \npid=1\nhost=h\nmode=lease\n" + claim);
    row("the protocol in capitals", "FILELOCK/2\npid=1\nhost=h\nmode=lease\n" + claim);
    row("the protocol in the second line", "x=\n" + head + claim);
    row("a line without an equals sign", head + "word\n" + claim);
    row("an empty line", head + "\n" + claim);
    row("no mode", "filelock/2\npid=1\nhost=h\n" + claim);
    row("no host", "filelock/2\npid=1\nmode=lease\n" + claim);
    row("an empty host", "filelock/2\npid=1\nhost=\nmode=lease\n" + claim);
    row("no process", "filelock/2\nhost=h\nmode=lease\n" + claim);
    row("an empty process", "filelock/2\npid=\nhost=h\nmode=lease\n" + claim);
    row("a process that is a word", "filelock/2\npid=one\nhost=h\nmode=lease\n" + claim);
    row("process 0", "filelock/2\npid=0\nhost=h\nmode=lease\n" + claim);
    row("a negative process", "filelock/2\npid=-1\nhost=h\nmode=lease\n" + claim);
    row("a process beyond 31 bits", "filelock/2\npid=2147483648\nhost=h\nmode=lease\n" + claim);
    row("another mode with a bad process", "filelock/2\npid=0\nhost=h\nmode=x\n");
    row("another mode with an empty host", "filelock/2\npid=1\nhost=\nmode=x\n");
    row("another mode with a bad duration", "filelock/2\npid=1\nhost=h\nmode=x\nduration=long\n");
    row("another mode with a bad start token", "filelock/2\npid=1\nhost=h\nmode=x\nstart=noon\n");
    row("no token", head + "duration=30\n");
    row("an empty token", head + "token=\nduration=30\n");
    row("no end of the last line", head + "token=t\nduration=30");
    row("a mode that was cut off", "filelock/2\npid=1\nhost=h\nmode=exclu");
    row("a process with a sign", "filelock/2\npid=+1\nhost=h\nmode=lease\n" + claim);
    row("a duration with a blank", head + "token=t\nduration= 30\n");
    row("a duration that begins with its point", head + "token=t\nduration=.5\n");
    row("a duration that ends with its point", head + "token=t\nduration=5.\n");
    row("a duration whose exponent has no sign", head + "token=t\nduration=1e5\n");
    row("another mode without a number", "filelock/2\npid=1\nhost=h\nmode=x\nduration=nan\n");
    row("no duration", head + "token=t\n");
    row("an empty duration", head + "token=t\nduration=\nstart=7\n");
    row("a duration that is a word", head + "token=t\nduration=long\n");
    row("a duration of zero", head + "token=t\nduration=0\n");
    row("a duration of minus zero", head + "token=t\nduration=-0.0\n");
    row("a negative duration", head + "token=t\nduration=-1\n");
    row("a duration that is no number", head + "token=t\nduration=nan\n");
    row("a duration without end", head + "token=t\nduration=inf\n");
    row("a duration without end, in full", head + "token=t\nduration=Infinity\n");
    row("a duration too long for a number", head + "token=t\nduration=1e400\n");
    row("a duration too short for a number", head + "token=t\nduration=1e-400\n");
    row("a start token that is a fraction", head + claim + "start=1.5\n");
    row("a start token that is empty", head + claim + "start=\nx=\n");
    row("of two equal keys a bad last", head + claim + "pid=0\n");
    row("a byte that is no UTF-8", head + claim + "x=\xff\n");
    row("1025 bytes", head + claim + QByteArray(1025 - head.size() - claim.size(), '\n'));
}

void tst_LeaseRecord::refuses()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(!readLeaseRecord(Bytes(bytes)));
}

void tst_LeaseRecord::tellsTheProtocol_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("two");
    const auto row = [](const char *claim, const QByteArray &bytes, bool two) { QTest::newRow(claim) << bytes << two; };
    row("the bare line", "filelock/2", true);
    row("with white space around", " \r\nfilelock/2 \n", true);
    row("whatever follows", "filelock/2\nno equals sign\n\xff\xff", true);
    row("however long", "filelock/2\n" + QByteArray(5000, 'x'), true);
    row("a blank before the line's end", "filelock/2 \nx=", false);
    row("another number", "filelock/1\n", false);
    row("a longer number", "filelock/22\n", false);
    row("not in the second line", "1\nfilelock/2\n", false);
    row("nothing", "", false);
}

void tst_LeaseRecord::tellsTheProtocol()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, two);
    QCOMPARE(claimsProtocolTwo(Bytes(bytes)), two);
}

QTEST_GUILESS_MAIN(tst_LeaseRecord)
#include "tst_leaserecord.moc"
