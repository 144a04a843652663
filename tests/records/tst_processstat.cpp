// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/processstat.h"

using namespace Holdfast::records;
using Pids = std::vector<std::int64_t>;

Q_DECLARE_METATYPE(Pids)

class tst_ProcessStat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsStateAndStart_data();
    void readsStateAndStart();
    void refusesStats_data();
    void refusesStats();
    void startTokensAreThePythonNumbers_data();
    void startTokensAreThePythonNumbers();
    void readsTheNumbersInNamespaces_data();
    void readsTheNumbersInNamespaces();
};

namespace {

// From a running machine; only the name varies.
QByteArray stat(const QByteArray &name)
{
    return "4711 (" + name
           + ") S 1 4711 4711 0 -1 4194560 1234 5 6 7 8 9 0 0 20 0 1 0 170753 8192000 900 18446744073709551615 1 1 0 "
             "0\n";
}

} // namespace

void tst_ProcessStat::readsStateAndStart_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<char>("state");
    QTest::addColumn<quint64>("startTime");
    const auto row = [](const char *claim, const QByteArray &text, char state, quint64 startTime) {
        QTest::newRow(claim) << text << state << startTime;
    };
    row("a plain name", stat("cat"), 'S', 170753);
    row("a name with blanks", stat("a b c"), 'S', 170753);
    row("an empty name", stat(""), 'S', 170753);
    row("a name that closes", stat("a) Z 1 2 3"), 'S', 170753);
    row("a name that opens", stat("(a"), 'S', 170753);
    row("a name of line feeds", stat("\n)\n"), 'S', 170753);
    row("a name that is no UTF-8", stat("\xff\xfe"), 'S', 170753);
    row("a zombie", stat("cat").replace(") S", ") Z"), 'Z', 170753);
    row("nothing behind the start", stat("cat").left(stat("cat").indexOf("170753") + 6), 'S', 170753);
    row("the last moment", stat("cat").replace("170753", "18446744073709551615"), 'S', 18446744073709551615u);
    row("the first moment", stat("cat").replace("170753", "0"), 'S', 0);
}

void tst_ProcessStat::readsStateAndStart()
{
    QFETCH(QByteArray, text);
    QFETCH(char, state);
    QFETCH(quint64, startTime);
    QVERIFY(readProcessStat(Bytes(text)) == (ProcessStat{state, startTime}));
}

void tst_ProcessStat::refusesStats_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *claim, const QByteArray &text) { QTest::newRow(claim) << text; };
    row("nothing", "");
    row("no name", "4711 S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 170753 1 2 3 4 5 6");
    row("nothing behind the name", "4711 (cat)");
    row("one field too few", stat("cat").left(stat("cat").indexOf("170753")));
    row("a start that is a word", stat("cat").replace("170753", "noon"));
    row("a start that is negative", stat("cat").replace("170753", "-1"));
    row("a start that is half a number", stat("cat").replace("170753", "17x"));
    row("a start beyond 64 bits", stat("cat").replace("170753", "18446744073709551616"));
    row("a state of two letters", stat("cat").replace(") S", ") SS"));
}

void tst_ProcessStat::refusesStats()
{
    QFETCH(QByteArray, text);
    QVERIFY(!readProcessStat(Bytes(text)));
}

// The right column is Python's (int(boot_id, 16) << 64) | start.
void tst_ProcessStat::startTokensAreThePythonNumbers_data()
{
    QTest::addColumn<QByteArray>("bootId");
    QTest::addColumn<quint64>("startTime");
    QTest::addColumn<QByteArray>("token");
    const auto row = [](const char *claim, const char *bootId, quint64 startTime, const char *token) {
        QTest::newRow(claim) << QByteArray(bootId) << startTime << QByteArray(token);
    };
    row("the worked example", "ba2c7dc1-ff9e-447e-93f4-6d98af1bfddd", 170753,
        "4564968143935799161601706105914022163149293324252142017281");
    row("with a line feed", "ba2c7dc1-ff9e-447e-93f4-6d98af1bfddd\n", 170753,
        "4564968143935799161601706105914022163149293324252142017281");
    row("in capitals", "BA2C7DC1-FF9E-447E-93F4-6D98AF1BFDDD", 170753,
        "4564968143935799161601706105914022163149293324252142017281");
    row("the greatest", "ffffffff-ffff-ffff-ffff-ffffffffffff", 18446744073709551615u,
        "6277101735386680763835789423207666416102355444464034512895");
    row("nine zeros inside", "00000000-0000-0000-0000-000000000001", 0, "18446744073709551616");
    row("2 to the 128th", "00000000-0000-0001-0000-000000000000", 0, "340282366920938463463374607431768211456");
    row("a short boot id", "1", 5, "18446744073709551621");
    row("no boot id", "", 170753, "170753");
    row("a boot id that is no number", "ba2c7dc1-ff9e-447e-93f4-6d98af1bfddx", 170753, "170753");
    row("a boot id too long", "ba2c7dc1-ff9e-447e-93f4-6d98af1bfddd0", 170753, "170753");
    row("a blank in a boot id", "ba2c7dc1 ff9e", 170753, "170753");
    row("nothing at all", "", 0, "0");
    row("a billion", "", 1000000000, "1000000000");
}

void tst_ProcessStat::startTokensAreThePythonNumbers()
{
    QFETCH(QByteArray, bootId);
    QFETCH(quint64, startTime);
    QFETCH(QByteArray, token);
    QCOMPARE(startToken(Bytes(bootId), startTime), token.toStdString());
}

void tst_ProcessStat::readsTheNumbersInNamespaces_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Pids>("pids"); // empty: none
    const auto row = [](const char *claim, const QByteArray &text, const Pids &pids) {
        QTest::newRow(claim) << text << pids;
    };
    row("one namespace", "Name:\tcat\nPid:\t9\nNSpid:\t9\nNSpgid:\t8\n", {9});
    row("three of them", "NSpid:\t4711\t29\t1\n", {4711, 29, 1});
    row("without its end", "NSpid:\t4711\t29", {4711, 29});
    row("no such line", "Name:\tcat\nPid:\t9\nNSpgid:\t9\n", {});
    row("nothing", "", {});
    row("an empty line", "NSpid:\n", {});
    row("a word among them", "NSpid:\t9\tx\n", {});
    row("a number that does not fit", "NSpid:\t99999999999999999999\n", {});
    row("a name that looks like it", "Name:\tNSpid:\t1\nNSpid:\t9\n", {9});
}

void tst_ProcessStat::readsTheNumbersInNamespaces()
{
    QFETCH(QByteArray, text);
    QFETCH(Pids, pids);
    QVERIFY(namespacePids(Bytes(text)).value_or(Pids{}) == pids);
}

QTEST_GUILESS_MAIN(tst_ProcessStat)
#include "tst_processstat.moc"
