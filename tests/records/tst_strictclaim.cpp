// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/strictclaim.h"

using namespace Holdfast::records;

namespace {

constexpr const char *Token = "45cc219088120dd482ea5c24636d16a1";
constexpr const char *OtherToken = "00000000000000000000000000000001";

} // namespace

class tst_StrictClaim : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSentinelIsThePythonBytes();
    void readsAndWritesThePythonBytes();
    void namesComeBack_data();
    void namesComeBack();
    void refusesNames_data();
    void refusesNames();
    void privateNamesComeBack();
    void refusesPrivateNames_data();
    void refusesPrivateNames();
    void recordsComeBack_data();
    void recordsComeBack();
    void refusesRecords_data();
    void refusesRecords();
    void refusesEveryPartOfARecord();
};

void tst_StrictClaim::theSentinelIsThePythonBytes()
{
    QCOMPARE(StrictSentinel.size(), 24u);
    QCOMPARE(std::string(StrictSentinel), golden("strictsentinel"));
}

void tst_StrictClaim::readsAndWritesThePythonBytes()
{
    const std::string bytes = golden("claimrecord");
    QCOMPARE(bytes.size(), 122u);
    const ClaimRecord record{Token, 25436, "vm", "4564968143935799161601706105914022163149293324252142092924"};
    std::string why = "untouched";
    QVERIFY(readClaimRecord(Bytes(bytes), Token, &why) == record);
    QCOMPARE(why, std::string("untouched"));
    QCOMPARE(writeClaimRecord(record), bytes);
}

void tst_StrictClaim::namesComeBack_data()
{
    QTest::addColumn<bool>("held");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("an intent") << false << QByteArray("intent-v1-45cc219088120dd482ea5c24636d16a1.claim");
    QTest::newRow("held") << true << QByteArray("held-v1-45cc219088120dd482ea5c24636d16a1.claim");
}

void tst_StrictClaim::namesComeBack()
{
    QFETCH(bool, held);
    QFETCH(QByteArray, name);
    const ClaimName claim{held ? ClaimState::Held : ClaimState::Intent, Token};
    QVERIFY(parseClaimName(Bytes(name)) == claim);
    QCOMPARE(claimName(claim.state, claim.token), name.toStdString());
}

void tst_StrictClaim::refusesNames_data()
{
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *claim, const QByteArray &name) { QTest::newRow(claim) << name; };
    const QByteArray token = Token;
    row("nothing", "");
    row("only the end", ".claim");
    row("another word", "want-v1-" + token + ".claim");
    row("an older version", "held-v0-" + token + ".claim");
    row("a newer version", "held-v2-" + token + ".claim");
    row("no version", "held-" + token + ".claim");
    row("a short token", "held-v1-" + token.left(31) + ".claim");
    row("a long token", "held-v1-" + token + "0.claim");
    row("no token", "held-v1-.claim");
    row("a token in capitals", "held-v1-" + token.toUpper() + ".claim");
    row("a token with another letter", "held-v1-g" + token.mid(1) + ".claim");
    row("the word in capitals", "HELD-v1-" + token + ".claim");
    row("another end", "held-v1-" + token + ".claims");
    row("no end", "held-v1-" + token);
    row("two ends", "held-v1-" + token + ".claim.claim");
    row("something before", "xheld-v1-" + token + ".claim");
    row("a line feed behind", "held-v1-" + token + ".claim\n");
    row("a fourth part", "held-v1-" + token + "-x.claim");
    row("a hidden one", ".held-v1-" + token + ".claim");
    row("a zero byte in the token", "held-v1-" + token.left(31) + literal("\0.claim"));
}

void tst_StrictClaim::refusesNames()
{
    QFETCH(QByteArray, name);
    QVERIFY(!parseClaimName(Bytes(name)));
}

void tst_StrictClaim::privateNamesComeBack()
{
    const std::string claim = claimName(ClaimState::Intent, Token);
    const std::string name = privateName(claim, OtherToken);
    QCOMPARE(name, std::string(".intent-v1-45cc219088120dd482ea5c24636d16a1.claim"
                               ".private-v1-00000000000000000000000000000001.tmp"));
    QVERIFY(publicNameOf(Bytes(name)) == std::string_view(claim));
    QVERIFY(parsePrivateClaimName(Bytes(name)) == (ClaimName{ClaimState::Intent, Token}));
    // The sentinel's is a private name, but of no claim.
    const std::string sentinel = privateName("report.lock", OtherToken);
    QCOMPARE(sentinel, std::string(".report.lock.private-v1-00000000000000000000000000000001.tmp"));
    QVERIFY(publicNameOf(sentinel) == std::string_view("report.lock"));
    QVERIFY(!parsePrivateClaimName(sentinel));
    // A public name may look private itself: the last mark counts.
    const std::string twice = privateName(sentinel, Token);
    QVERIFY(publicNameOf(twice) == std::string_view(sentinel));
}

void tst_StrictClaim::refusesPrivateNames_data()
{
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *claim, const QByteArray &name) { QTest::newRow(claim) << name; };
    const QByteArray token = Token;
    const QByteArray claim = "held-v1-" + token + ".claim";
    row("nothing", "");
    row("a dot", ".");
    row("only the end", ".tmp");
    row("one that is not hidden", claim + ".private-v1-" + token + ".tmp");
    row("a short token", "." + claim + ".private-v1-" + token.left(31) + ".tmp");
    row("a long token", "." + claim + ".private-v1-0" + token + ".tmp");
    row("a token in capitals", "." + claim + ".private-v1-" + token.toUpper() + ".tmp");
    row("another version", "." + claim + ".private-v2-" + token + ".tmp");
    row("another end", "." + claim + ".private-v1-" + token + ".tmq");
    row("something behind", "." + claim + ".private-v1-" + token + ".tmp~");
    row("the dot of the mark is not the first", ".private-v1-" + token + ".tmp");
}

void tst_StrictClaim::refusesPrivateNames()
{
    QFETCH(QByteArray, name);
    QVERIFY(!publicNameOf(Bytes(name)));
    QVERIFY(!parsePrivateClaimName(Bytes(name)));
}

void tst_StrictClaim::recordsComeBack_data()
{
    QTest::addColumn<QByteArray>("lines"); // process, host, start token
    QTest::addColumn<qint64>("process");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("startToken");
    const auto row = [](const char *claim, const char *lines, qint64 process, const char *host, const char *start) {
        QTest::newRow(claim) << QByteArray(lines) << process << QByteArray(host) << QByteArray(start);
    };
    row("no start token", "1\n766d\n\n", 1, "vm", "");
    row("a start token of zero", "1\n766d\n0\n", 1, "vm", "0");
    row("the greatest process", "2147483647\n766d\n7\n", 2147483647, "vm", "7");
    row("a host in UTF-8", "1\n62c3bc726f\n7\n", 1, "b\xc3\xbcro", "7");
    row("a host beyond the first plane", "1\nf09f9690\n7\n", 1, "\xf0\x9f\x96\x90", "7");
    row("an empty host", "1\n\n7\n", 1, "", "7");
    row("a host of punctuation", "1\n217e\n7\n", 1, "!~", "7");
}

void tst_StrictClaim::recordsComeBack()
{
    QFETCH(QByteArray, lines);
    QFETCH(qint64, process);
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, startToken);
    const std::string bytes = std::string("filelock-strict-v1\n") + Token + "\n" + lines.toStdString();
    const ClaimRecord record{Token, process, host.toStdString(), startToken.toStdString()};
    QVERIFY(readClaimRecord(Bytes(bytes), Token) == record);
    QCOMPARE(writeClaimRecord(record), bytes);
}

void tst_StrictClaim::refusesRecords_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("why"); // a word of it
    const auto row = [](const char *claim, const QByteArray &bytes, const char *why) {
        QTest::newRow(claim) << bytes << QByteArray(why);
    };
    const QByteArray head = QByteArray("filelock-strict-v1\n") + Token + "\n";
    row("nothing", "", "five lines");
    row("four lines", head + "1\n766d\n", "five lines");
    row("six lines", head + "1\n766d\n7\n8\n", "five lines");
    row("an empty sixth line", head + "1\n766d\n7\n\n", "five lines");
    row("something behind the fifth line", head + "1\n766d\n7\n8", "five lines");
    row("no end of the fifth line", head + "1\n766d\n7", "five lines");
    row("Windows lines", QByteArray(head + "1\n766d\n7\n").replace("\n", "\r\n"), "filelock-strict-v1");
    row("another magic", QByteArray("filelock-strict-v2\n") + Token + "\n1\n766d\n7\n", "filelock-strict-v1");
    row("a blank before the magic", " " + head + "1\n766d\n7\n", "filelock-strict-v1");
    row("another token", QByteArray("filelock-strict-v1\n") + OtherToken + "\n1\n766d\n7\n", "token");
    row("the token in capitals", QByteArray("filelock-strict-v1\n") + QByteArray(Token).toUpper() + "\n1\n766d\n7\n",
        "token");
    row("process 0", head + "0\n766d\n7\n", "process");
    row("a negative process", head + "-1\n766d\n7\n", "process");
    row("a process beyond 31 bits", head + "2147483648\n766d\n7\n", "process");
    row("a process beyond 64 bits", head + "18446744073709551617\n766d\n7\n", "process");
    row("a leading zero", head + "01\n766d\n7\n", "process");
    row("a plus sign", head + "+1\n766d\n7\n", "process");
    row("a blank", head + " 1\n766d\n7\n", "process");
    row("an underscore", head + "1_0\n766d\n7\n", "process");
    row("no process", head + "\n766d\n7\n", "process");
    row("a host in capitals", head + "1\n766D\n7\n", "host");
    row("half a byte", head + "1\n766\n7\n", "host");
    row("a host that is no hexadecimal", head + "1\nvm\n7\n", "host");
    row("blanks between the bytes", head + "1\n76 6d\n7\n", "host");
    row("a blank in the host", head + "1\n7620\n7\n", "host");
    row("a line feed in the host", head + "1\n760a\n7\n", "host");
    row("a zero byte in the host", head + "1\n7600\n7\n", "host");
    row("a control character in the host", head + "1\n761b\n7\n", "host");
    row("a deletion in the host", head + "1\n767f\n7\n", "host");
    row("a no-break space in the host", head + "1\nc2a0\n7\n", "host");
    row("a zero-width blank in the host", head + "1\ne2808b\n7\n", "host");
    row("a change of direction in the host", head + "1\ne280ae\n7\n", "host");
    row("a private character in the host", head + "1\nee8080\n7\n", "host");
    row("a byte order mark in the host", head + "1\nefbbbf\n7\n", "host");
    row("no character in the host", head + "1\nefbfbe\n7\n", "host");
    row("no UTF-8 in the host", head + "1\nff\n7\n", "host");
    row("a surrogate in the host", head + "1\neda080\n7\n", "host");
    row("a start token with a leading zero", head + "1\n766d\n07\n", "start token");
    row("a negative start token", head + "1\n766d\n-7\n", "start token");
    row("a start token that is a word", head + "1\n766d\nseven\n", "start token");
    row("a start token with a sign", head + "1\n766d\n+7\n", "start token");
    row("a blank for a start token", head + "1\n766d\n \n", "start token");
    row("a byte beyond ASCII", head + "1\n766d\n7\xc3\xb6\n", "ASCII");
    row("1025 bytes", head + "1\n" + QByteArray(1025 - head.size() - 5, '6') + "\n7\n", "1024 bytes");
}

void tst_StrictClaim::refusesRecords()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, why);
    std::string phrase;
    QVERIFY(!readClaimRecord(Bytes(bytes), Token, &phrase));
    QVERIFY2(phrase.find(why.toStdString()) != phrase.npos, phrase.c_str());
    QVERIFY(!readClaimRecord(Bytes(bytes), Token));
}

void tst_StrictClaim::refusesEveryPartOfARecord()
{
    const std::string bytes = golden("claimrecord");
    for (std::size_t size = 0; size < bytes.size(); ++size)
        QVERIFY(!readClaimRecord(Bytes(bytes.substr(0, size)), Token));
    QVERIFY(!readClaimRecord(bytes, OtherToken));
    QVERIFY(!readClaimRecord("filelock-strict-v1\n\n1\n766d\n7\n", ""));
}

QTEST_GUILESS_MAIN(tst_StrictClaim)
#include "tst_strictclaim.moc"
