// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/markerhost.h"
#include "records/readwritemarker.h"

using Holdfast::records::isMarkerHost;
using Holdfast::records::MarkerHost;
using Holdfast::records::readMarkerHost;
using Holdfast::records::writeMarkerHost;

Q_DECLARE_METATYPE(MarkerHost)

class tst_MarkerHost : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAndReads_data();
    void writesAndReads();
    void readsWhatNobodyEscaped_data();
    void readsWhatNobodyEscaped();
    void everyByteComesBack();
};

// The right column is what filelock 4.1.1 wrote.
void tst_MarkerHost::writesAndReads_data()
{
    QTest::addColumn<MarkerHost>("host");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("a name") << MarkerHost{"vm"} << QByteArray("vm");
    QTest::newRow("a full name") << MarkerHost{"vm.example.org"} << QByteArray("vm.example.org");
    QTest::newRow("in a container") << MarkerHost{"vm", 0xf0000155} << QByteArray("vm?pidns-f0000155");
    QTest::newRow("no ASCII") << MarkerHost{"b\xc3\xbcro"} << QByteArray("b?c3?bcro");
    QTest::newRow("blanks and lines") << MarkerHost{"a b\n"} << QByteArray("a?20b?0a");
    QTest::newRow("a question mark") << MarkerHost{"a?20"} << QByteArray("a?3f20");
    QTest::newRow("like a container's") << MarkerHost{"vm?pidns-f0"} << QByteArray("vm?3fpidns-f0");
    QTest::newRow("nothing") << MarkerHost{""} << QByteArray("?");
    QTest::newRow("nothing, in a container") << MarkerHost{"", 0xf0000001} << QByteArray("?pidns-f0000001");
}

void tst_MarkerHost::writesAndReads()
{
    QFETCH(MarkerHost, host);
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(writeMarkerHost(host)), text);
    QVERIFY(readMarkerHost(Bytes(text)) == host);
}

void tst_MarkerHost::readsWhatNobodyEscaped_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "b\xc3\xbcro", "a b", "a?", "a?2", "a?zz", "a?2Fb", "vm?pidns-", "vm?pidns-xy"})
        QTest::newRow(text) << QByteArray(text);
}

void tst_MarkerHost::readsWhatNobodyEscaped()
{
    QFETCH(QByteArray, text);
    QVERIFY(readMarkerHost(Bytes(text)) == MarkerHost{text.toStdString()});
}

void tst_MarkerHost::everyByteComesBack()
{
    for (int byte = 1; byte < 256; ++byte) {
        const MarkerHost host{std::string("a") + static_cast<char>(byte) + "20"};
        const std::string text = writeMarkerHost(host);
        QVERIFY2(isMarkerHost(text), text.c_str());
        QVERIFY2(readMarkerHost(text) == host, text.c_str());
    }
}

QTEST_GUILESS_MAIN(tst_MarkerHost)
#include "tst_markerhost.moc"
