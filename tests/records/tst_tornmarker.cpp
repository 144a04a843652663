// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/leaserecord.h"
#include "records/softmarker.h"
#include "records/tornmarker.h"

using namespace Holdfast::records;

class tst_TornMarker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWhateverIsLeftOfAMarker_data();
    void isWhateverIsLeftOfAMarker();
    void isNothingElse_data();
    void isNothingElse();
};

void tst_TornMarker::isWhateverIsLeftOfAMarker_data()
{
    QTest::addColumn<QByteArray>("marker");
    const QByteArray soft = QByteArray::fromStdString(golden("softmarker"));
    const QByteArray lease = QByteArray::fromStdString(golden("leaserecord"));
    const auto owner = [](const char *host) { return QByteArray::fromStdString(writeSoftMarker({1, host, "7"})); };
    QTest::newRow("Python's soft marker") << soft;
    QTest::newRow("Python's lease") << lease;
    QTest::newRow("a soft marker on Windows") << QByteArray(soft).replace("\n", "\r\n");
    QTest::newRow("a lease on Windows") << QByteArray(lease).replace("\n", "\r\n");
    QTest::newRow("the greatest process") << QByteArray("2147483647\nh\n");
    QTest::newRow("a host in UTF-8") << owner("hölle");
    QTest::newRow("a host with blanks") << owner("my machine");
    QTest::newRow("a long host") << owner(std::string(255, 'h').c_str());
    QTest::newRow("what a machine that went down leaves") << QByteArray(300, '\0');
    QTest::newRow("a lease without its process") << QByteArray(lease).replace("pid=29467", "pid=");
    QTest::newRow("a token that is none") << QByteArray(lease).replace("token=9", "token=x");
    QTest::newRow("a line more than a lease has") << lease + "x=y";
    QTest::newRow("a lease that lasts long")
        << QByteArray::fromStdString(writeLeaseRecord({1, "h", {}, std::string(32, 'f'), 1e22, "7"}));
}

void tst_TornMarker::isWhateverIsLeftOfAMarker()
{
    QFETCH(QByteArray, marker);
    for (qsizetype size = 0; size <= marker.size(); ++size)
        QVERIFY2(mayBeTornMarker(Bytes(marker.left(size))), marker.left(size).toPercentEncoding().constData());
}

void tst_TornMarker::isNothingElse_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray lease = QByteArray::fromStdString(golden("leaserecord"));
    const auto row = [](const char *claim, const QByteArray &bytes) { QTest::newRow(claim) << bytes; };
    row("a name", "vm\n");
    row("a letter", "x");
    row("an empty line", "\n");
    row("a blank", " ");
    row("a zero byte before a number", literal("\0001\n"));
    row("a number with a fraction", "1.5");
    row("a hexadecimal number", "0x1\n");
    row("no process has this number", "0\n");
    row("nor this", "2147483648\n");
    row("nor one with a sign", "-5\n");
    row("a process with zeros before", "007\n");
    row("a number and an empty line", "1\n\n");
    row("an old Mac's line", "1\rh");
    row("a host with a zero byte", literal("1\nh\0"));
    row("a host that is too long", "1\n" + QByteArray(256, 'h'));
    row("a start that is none", "1\nh\nabc");
    row("a fourth line", "1\nh\n3\n4");
    row("one line more than there are", "1\nh\n3\n\n");
    row("another protocol", "filelock/3\n");
    row("the protocol and more", "filelock/2.1");
    row("a lease after an empty line", '\n' + lease);
    row("a lease of another protocol", QByteArray(lease).replace("filelock/2", "filelock/3"));
    row("1025 bytes that begin like a marker", "1\nh\n" + QByteArray(1021, '2'));
    row("a read/write marker", QByteArray::fromStdString(golden("readwritemarker")));
    row("a strict sentinel", QByteArray::fromStdString(golden("strictsentinel")));
    row("a claim", QByteArray::fromStdString(golden("claimrecord")));
    row("a marker of QLockFile", "4711\nprogram\nhost\nid\n\n");
}

void tst_TornMarker::isNothingElse()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(!mayBeTornMarker(Bytes(bytes)));
}

QTEST_GUILESS_MAIN(tst_TornMarker)
#include "tst_tornmarker.moc"
