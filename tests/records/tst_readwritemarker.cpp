// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/readwritemarker.h"

using namespace Holdfast::records;

namespace {

constexpr const char *Token = "7f16d0b310a6983a7b8d10cbf1467585";

} // namespace

class tst_ReadWriteMarker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAndWritesThePythonBytes();
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void namesReadersAsPythonDoes();
    void tellsHousekeepingFromReaders_data();
    void tellsHousekeepingFromReaders();
    void tellsWhichHostsAMarkerCarries_data();
    void tellsWhichHostsAMarkerCarries();
};

void tst_ReadWriteMarker::readsAndWritesThePythonBytes()
{
    const std::string bytes = golden("readwritemarker");
    QCOMPARE(bytes.size(), 41u);
    const ReadWriteMarker marker{Token, 1465, "vm"};
    QVERIFY(readReadWriteMarker(Bytes(bytes)) == marker);
    QCOMPARE(writeReadWriteMarker(marker), bytes);
}

void tst_ReadWriteMarker::reads_data()
{
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<qint64>("process");
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("without the last end") << QByteArray("1\nvm") << qint64(1) << QByteArray("vm");
    QTest::newRow("with many ends") << "1\nvm" + QByteArray(980, '\n') << qint64(1) << QByteArray("vm");
    QTest::newRow("the greatest process") << QByteArray("2147483647\nvm\n") << qint64(2147483647) << QByteArray("vm");
    QTest::newRow("the longest host") << "1\n" + QByteArray(253, 'h') << qint64(1) << QByteArray(253, 'h');
    QTest::newRow("every visible byte may be in a host") << QByteArray("1\n!~\n") << qint64(1) << QByteArray("!~");
}

void tst_ReadWriteMarker::reads()
{
    QFETCH(QByteArray, rest);
    QFETCH(qint64, process);
    QFETCH(QByteArray, host);
    const ReadWriteMarker marker{Token, process, host.toStdString()};
    QVERIFY(readReadWriteMarker(Bytes(QByteArray(Token) + "\n" + rest)) == marker);
    QVERIFY(readReadWriteMarker(Bytes(writeReadWriteMarker(marker))) == marker);
}

void tst_ReadWriteMarker::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *claim, const QByteArray &bytes) { QTest::newRow(claim) << bytes; };
    const QByteArray token = Token;
    row("nothing", "");
    row("one line", token + "\n");
    row("two lines", token + "\n1\n");
    row("four lines", token + "\n1\nvm\nx\n");
    row("a fourth line behind empty ones", token + "\n1\nvm\n\n\nx");
    row("an empty line before", "\n" + token + "\n1\nvm\n");
    row("an empty line between", token + "\n\n1\nvm\n");
    row("a short token", token.left(31) + "\n1\nvm\n");
    row("a long token", token + "0\n1\nvm\n");
    row("a token in capitals", token.toUpper() + "\n1\nvm\n");
    row("a token that is no hexadecimal", "x" + token.mid(1) + "\n1\nvm\n");
    row("process 0", token + "\n0\nvm\n");
    row("a negative process", token + "\n-1\nvm\n");
    row("a process with a sign", token + "\n+1\nvm\n");
    row("a process with a leading zero", token + "\n01\nvm\n");
    row("a process beyond 31 bits", token + "\n2147483648\nvm\n");
    row("a process of eleven digits", token + "\n21474836470\nvm\n");
    row("a process beyond 64 bits", token + "\n18446744073709551617\nvm\n");
    row("a process that is a word", token + "\none\nvm\n");
    row("no process", token + "\n\nvm\n");
    row("no host", token + "\n1\n\n");
    row("a blank in the host", token + "\n1\nv m\n");
    row("a blank behind the host", token + "\n1\nvm \n");
    row("a carriage return", token + "\n1\nvm\r\n");
    row("a host beyond ASCII", token + "\n1\nb\xc3\xbcro\n");
    row("a deletion in the host", token + "\n1\nvm\x7f\n");
    row("a zero byte in the host", token + "\n1\nvm" + literal("\0\n"));
    row("a host of 254 bytes", token + "\n1\n" + QByteArray(254, 'h') + "\n");
    row("1025 bytes", token + "\n1\nvm" + QByteArray(1025 - 37, '\n'));
}

void tst_ReadWriteMarker::refuses()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(!readReadWriteMarker(Bytes(bytes)));
}

void tst_ReadWriteMarker::namesReadersAsPythonDoes()
{
    QCOMPARE(readerName("a6e47a69b3494b5ca4e655383adf4d41", 1465),
             std::string("a6e47a69b3494b5ca4e655383adf4d41.1465"));
    QVERIFY(!isHousekeeping(readerName(Token, 1465)));
}

void tst_ReadWriteMarker::tellsHousekeepingFromReaders_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("housekeeping");
    const auto row = [](const char *name, bool housekeeping) {
        QTest::newRow(*name ? name : "(nothing)") << QByteArray(name) << housekeeping;
    };
    row(".hidden", true);
    row(".", true);
    row("a6e47a69b3494b5ca4e655383adf4d41.1465.break.9.7f16d0b310a6983a7b8d10cbf1467585", true);
    row("x.break", true);
    row("x.breakfast", true);
    row("a6e47a69b3494b5ca4e655383adf4d41.1465", false);
    row("anything", false);
    row("break", false);
    row("x.BREAK", false);
    row("a.hidden", false);
    row("", false);
}

void tst_ReadWriteMarker::tellsHousekeepingFromReaders()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, housekeeping);
    QCOMPARE(isHousekeeping(Bytes(name)), housekeeping);
}

void tst_ReadWriteMarker::tellsWhichHostsAMarkerCarries_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("carried");
    QTest::newRow("a word") << QByteArray("vm") << true;
    QTest::newRow("the first and the last visible byte") << QByteArray("!~") << true;
    QTest::newRow("253 bytes") << QByteArray(253, 'h') << true;
    QTest::newRow("254 bytes") << QByteArray(254, 'h') << false;
    QTest::newRow("nothing") << QByteArray("") << false;
    QTest::newRow("a blank") << QByteArray("v m") << false;
    QTest::newRow("a line feed") << QByteArray("vm\n") << false;
    QTest::newRow("a deletion") << QByteArray("vm\x7f") << false;
    QTest::newRow("UTF-8") << QByteArray("b\xc3\xbcro") << false;
    QTest::newRow("a zero byte") << literal("vm\0") << false;
}

void tst_ReadWriteMarker::tellsWhichHostsAMarkerCarries()
{
    QFETCH(QByteArray, host);
    QFETCH(bool, carried);
    QCOMPARE(isMarkerHost(Bytes(host)), carried);
    const ReadWriteMarker marker{Token, 1, host.toStdString()};
    QCOMPARE(readReadWriteMarker(writeReadWriteMarker(marker)) == marker, carried);
}

QTEST_GUILESS_MAIN(tst_ReadWriteMarker)
#include "tst_readwritemarker.moc"
