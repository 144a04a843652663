// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/softmarker.h"

using Holdfast::records::readSoftMarker;
using Holdfast::records::SoftMarker;
using Holdfast::records::writeSoftMarker;

class tst_SoftMarker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAndWritesThePythonBytes();
    void writesCanonically();
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void readsNothingOfAPartOfARecord();
    void hostsComeBackAsTheyWere_data();
    void hostsComeBackAsTheyWere();
};

void tst_SoftMarker::readsAndWritesThePythonBytes()
{
    const std::string bytes = golden("softmarker");
    QCOMPARE(bytes.size(), 68u);
    const SoftMarker marker{29151, "vm", "4564968143935799161601706105914022163149293324252142009902"};
    QVERIFY(readSoftMarker(Bytes(bytes)) == marker);
    QCOMPARE(writeSoftMarker(marker), bytes);
}

void tst_SoftMarker::writesCanonically()
{
    QCOMPARE(writeSoftMarker({1, "h", ""}), std::string("1\nh\n"));
    QCOMPARE(writeSoftMarker({2147483647, "a.example", "0"}), std::string("2147483647\na.example\n0\n"));
}

// What Python's str.strip(), splitlines() and int() made of these bytes.
void tst_SoftMarker::reads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<qint64>("process");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("startToken");
    const auto row = [](const char *claim, const QByteArray &bytes, qint64 process, const QByteArray &host,
                        const char *startToken = "") {
        QTest::newRow(claim) << bytes << process << host << QByteArray(startToken);
    };
    row("two lines have no start token", "1\nh\n", 1, "h");
    row("three lines have one", "1\nh\n7\n", 1, "h", "7");
    row("empty lines before are white space", "\n1\nh\n", 1, "h");
    row("empty lines behind are white space", "1\nh\n\n", 1, "h");
    row("blanks and tabs around are white space", " \t1\nh\t \n", 1, "h");
    row("Windows ends its lines with two bytes", "1\r\nh\r\n7\r\n", 1, "h", "7");
    row("a carriage return ends a line", "1\rh\r7\n", 1, "h", "7");
    row("a vertical tab ends a line", "1\vh\n", 1, "h");
    row("a form feed ends a line", "1\fh\n", 1, "h");
    row("the file separator ends a line", "1\x1ch\n", 1, "h");
    row("the group separator ends a line", literal("1\x1dh\n"), 1, "h");
    row("the record separator ends a line", literal("1\x1eh\n"), 1, "h");
    row("the next line ends a line", "1\xc2\x85h\n", 1, "h");
    row("the line separator ends a line", "1\xe2\x80\xa8h\n", 1, "h");
    row("the paragraph separator ends a line", "1\xe2\x80\xa9h\n", 1, "h");
    row("the unit separator ends no line", "1\nh\x1fi\n", 1, "h\x1fi");
    row("the unit separator around is white space",
        "\x1f"
        "1\nh\x1f\n",
        1, "h");
    row("an ideographic blank around is white space",
        "\xe3\x80\x80"
        "1\nh\xe3\x80\x80\n",
        1, "h");
    row("the greatest process", "2147483647\nh\n", 2147483647, "h");
    row("leading zeros count for nothing", "0000000000000000000000001\nh\n0007\n", 1, "h", "7");
    row("a host may be empty before a start token", "1\n\n7\n", 1, "", "7");
    row("a host keeps its blanks before a start token", "1\n h \n7\n", 1, " h ", "7");
    row("a host may be any text", "1\nh\xc3\xb6st, he said\n", 1, "h\xc3\xb6st, he said");
    row("a host may hold a zero byte", literal("1\nfilelock-strict-v1\0\n0\n"), 1, literal("filelock-strict-v1\0"),
        "0");
    row("1024 bytes are not too long", "1\n" + QByteArray(1021, 'h') + "\n", 1, QByteArray(1021, 'h'));
    row("a start token may be of any length", "1\nh\n" + QByteArray(60, '9') + "\n", 1, "h",
        "999999999999999999999999999999999999999999999999999999999999");
}

void tst_SoftMarker::reads()
{
    QFETCH(QByteArray, bytes);
    QFETCH(qint64, process);
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, startToken);
    const auto marker = readSoftMarker(Bytes(bytes));
    QVERIFY(marker);
    QCOMPARE(qint64(marker->process), process);
    QCOMPARE(marker->host, host.toStdString());
    QCOMPARE(marker->startToken, startToken.toStdString());
    const std::string written = writeSoftMarker(*marker);
    QVERIFY(written.size() > 1024 || readSoftMarker(written) == marker);
}

void tst_SoftMarker::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *claim, const QByteArray &bytes) { QTest::newRow(claim) << bytes; };
    row("nothing", "");
    row("white space", " \n\r\n\t");
    row("no end of the last line", "1\nh");
    row("no end of a start token's line", "1\nh\n7");
    row("another end of the last line", "1\rh\r");
    row("white space behind the last line", "1\nh\n ");
    row("a plus sign", "+12\nh\n");
    row("a start token with a plus sign", "1\nh\n+7\n");
    row("a negative start token", "1\nh\n-3\n");
    row("an underscore between digits", "1_0\nh\n");
    row("a blank behind a number", "12 \nh\n");
    row("a blank before a number", "1\nh\n\t7\n");
    row("Arabic digits", "\xd9\xa1\xd9\xa2\nh\n");
    row("fullwidth digits", "1\nh\n\xef\xbc\x91\n");
    row("one line", "1\n");
    row("one line and white space", "1\n \n");
    row("four lines", "1\nh\n7\n8\n");
    row("four lines, one of them empty", "1\nh\n\n8\n");
    row("process 0", "0\nh\n");
    row("process minus zero", "-0\nh\n");
    row("a negative process", "-5\nh\n");
    row("a process beyond 31 bits", "2147483648\nh\n");
    row("a process beyond 64 bits", "18446744073709551617\nh\n");
    row("a process that is a word", "one\nh\n");
    row("a process that is a fraction", "1.0\nh\n");
    row("a process in hexadecimal", "0x1\nh\n");
    row("a process with a word behind", "1 h\nh\n");
    row("an underscore before a number", "_1\nh\n");
    row("an underscore behind a number", "1_\nh\n");
    row("two underscores", "1__0\nh\n");
    row("an underscore behind a sign", "+_1\nh\n");
    row("two signs", "+-1\nh\n");
    row("a sign and nothing", "+\nh\n");
    row("a blank behind a sign", "+ 1\nh\n");
    row("a unit separator at a number", "1\x1f\nh\n");
    row("a superscript is no digit", "\xc2\xb2\nh\n");
    row("a zero-width blank is no white space", "\xe2\x80\x8b"
                                                "1\nh\n");
    row("a byte order mark is no white space", "\xef\xbb\xbf"
                                               "1\nh\n");
    row("a zero byte in a number", literal("1\0\nh\n"));
    row("a start token that is a word", "1\nh\nabc\n");
    row("a start token that is empty before something", "1\nh\n\n.\n");
    row("a byte that is no UTF-8", "1\nh\xff\n");
    row("half a character", "1\nh\xc3\n");
    row("a character cut off by the end", "1\nh\xe2\x80");
    row("a character spelled too long", "1\nh\xc0\xaf\n");
    row("a surrogate", "1\nh\xed\xa0\x80\n");
    row("a character beyond Unicode", "1\nh\xf4\x90\x80\x80\n");
    row("1025 bytes", "1\n" + QByteArray(1022, 'h') + "\n");
    row("1025 bytes, most of them white space", "1\nh\n" + QByteArray(1021, '\n'));
    row("a marker of the second protocol", "filelock/2\npid=1\nhost=h\n");
}

void tst_SoftMarker::refuses()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(!readSoftMarker(Bytes(bytes)));
}

// A contender may look between the creation of a file and the end of its text.
void tst_SoftMarker::readsNothingOfAPartOfARecord()
{
    const std::string bytes = golden("softmarker");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto marker = readSoftMarker(Bytes(bytes.substr(0, size)));
        QCOMPARE(marker.has_value(), size == std::string("29151\nvm\n").size());
        QVERIFY(!marker || marker->startToken.empty()); // half a token would be a dead process's
    }
}

void tst_SoftMarker::hostsComeBackAsTheyWere_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("a word") << QByteArray("vm");
    QTest::newRow("a full name") << QByteArray("vm.example.org");
    QTest::newRow("UTF-8") << QByteArray("b\xc3\xbcro");
    QTest::newRow("blanks inside") << QByteArray("my machine");
    QTest::newRow("like a number") << QByteArray("42");
}

void tst_SoftMarker::hostsComeBackAsTheyWere()
{
    QFETCH(QByteArray, host);
    for (const char *startToken : {"", "7"}) {
        const SoftMarker marker{4711, host.toStdString(), startToken};
        QVERIFY(readSoftMarker(Bytes(writeSoftMarker(marker))) == marker);
    }
}

QTEST_GUILESS_MAIN(tst_SoftMarker)
#include "tst_softmarker.moc"
