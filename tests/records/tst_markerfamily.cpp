// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/markerfamily.h"

using Holdfast::records::MarkerFamily;
using Holdfast::records::markerFamily;

Q_DECLARE_METATYPE(MarkerFamily)

class tst_MarkerFamily : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsTheFamily_data();
    void tellsTheFamily();
};

void tst_MarkerFamily::tellsTheFamily_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<MarkerFamily>("family");
    const auto row = [](const char *claim, const QByteArray &bytes, MarkerFamily family) {
        QTest::newRow(claim) << bytes << family;
    };
    const auto file = [](const char *name) { return QByteArray::fromStdString(golden(name)); };
    row("no byte", "", MarkerFamily::Empty);
    row("a line feed is something", "\n", MarkerFamily::Other);
    row("Python's soft marker", file("softmarker"), MarkerFamily::Soft);
    row("a soft marker on Windows", "1\r\nh\r\n", MarkerFamily::Soft);
    row("a malformed soft marker", "0\nh\n", MarkerFamily::Other);
    row("Python's lease", file("leaserecord"), MarkerFamily::Lease);
    row("a lease without end", "filelock/2\npid=1\nhost=h\nmode=lease\ntoken=t\nduration=inf\n", MarkerFamily::Other);
    row("an exclusive marker", "filelock/2\npid=1\nhost=h\nmode=exclusive\n", MarkerFamily::Exclusive);
    row("another contract", "filelock/2\npid=1\nhost=h\nmode=new\n", MarkerFamily::UnknownContract);
    row("a soft marker, cut off", "1\nh\n7", MarkerFamily::Other);
    row("the second protocol, cut off", "filelock/2\npid=1\n", MarkerFamily::Other);
    row("Python's sentinel", file("strictsentinel"), MarkerFamily::StrictSentinel);
    row("the sentinel and a byte more", file("strictsentinel") + "\n", MarkerFamily::Soft);
    row("the sentinel on Windows", file("strictsentinel").replace("\n", "\r\n"), MarkerFamily::Soft);
    row("Python's claim, which has its own directory", file("claimrecord"), MarkerFamily::Other);
    row("Python's read/write marker", file("readwritemarker"), MarkerFamily::ReadWriteMarker);
    row("a read/write marker that reads as a soft one, too", "00000000000000000000000000000001\n1465\n7\n",
        MarkerFamily::ReadWriteMarker);
    row("a soft marker with fewer zeros", "0000000000000000000000000000001\n1465\n7\n", MarkerFamily::Soft);
    row("the head of a database", literal("SQLite format 3\0\x10\0"), MarkerFamily::Database);
    row("a whole page of a database", literal("SQLite format 3\0") + QByteArray(1009, '\0'), MarkerFamily::Database);
    row("a database of another version", literal("SQLite format 4\0"), MarkerFamily::Other);
    row("the words of a database without their end", "SQLite format 3", MarkerFamily::Other);
    row("a text", "Dear diary,\n", MarkerFamily::Other);
    row("a marker of QLockFile", "4711\nprogram\nhost\nid\n\n", MarkerFamily::Other);
    row("1025 bytes that begin like a marker", "1\n" + QByteArray(1023, 'h'), MarkerFamily::Other);
}

void tst_MarkerFamily::tellsTheFamily()
{
    QFETCH(QByteArray, bytes);
    QFETCH(MarkerFamily, family);
    QCOMPARE(int(markerFamily(Bytes(bytes))), int(family));
}

QTEST_GUILESS_MAIN(tst_MarkerFamily)
#include "tst_markerfamily.moc"
