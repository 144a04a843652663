// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/instanceframe.h"

#include <QtTest/qtest.h>

#include <string>

using namespace Holdfast::records;
using namespace std::string_literals;

class tst_InstanceFrame : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheseBytes();
    void readsWhatItWrites_data();
    void readsWhatItWrites();
    void refuses_data();
    void refuses();
    void aStrangerIsKnownByItsFirstWrongByte();
};

void tst_InstanceFrame::writesTheseBytes()
{
    QVERIFY(writeFrameHead({FrameKind::Answer, 0x01020304}) == "HFsi\1\3\0\0\1\2\3\4"s);
}

void tst_InstanceFrame::readsWhatItWrites_data()
{
    QTest::addColumn<quint32>("length");
    for (const quint32 length : {0u, 1u, 255u, 256u, 0xffffffu, 0x7fffffffu, 0x80000000u, 0xffffffffu})
        QTest::addRow("%u", length) << length;
}

void tst_InstanceFrame::readsWhatItWrites()
{
    QFETCH(const quint32, length);
    for (const auto kind : {FrameKind::Activation, FrameKind::Acknowledgement, FrameKind::Answer, FrameKind::Leaving}) {
        FrameHead head;
        QVERIFY(readFrameHead(writeFrameHead({kind, length}), &head) == FrameFault::None);
        QVERIFY(head == (FrameHead{kind, length}));
    }
}

void tst_InstanceFrame::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("fault");
    const auto row = [](const char *name, const std::string &bytes, FrameFault fault) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << int(fault);
    };
    row("nothing", "", FrameFault::NotAFrame);
    row("one byte too few", "HFsi\1\1\0\0\0\0\0"s, FrameFault::NotAFrame);
    row("another magic", "HFsj\1\1\0\0\0\0\0\0"s, FrameFault::NotAFrame);
    row("version 0", "HFsi\0\1\0\0\0\0\0\0"s, FrameFault::OtherVersion);
    row("version 2", "HFsi\2\1\0\0\0\0\0\0"s, FrameFault::OtherVersion);
    row("kind 0", "HFsi\1\0\0\0\0\0\0\0"s, FrameFault::UnknownKind);
    row("kind 5", "HFsi\1\5\0\0\0\0\0\0"s, FrameFault::UnknownKind);
    row("kind 255", "HFsi\1\xff\0\0\0\0\0\0"s, FrameFault::UnknownKind);
}

void tst_InstanceFrame::refuses()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const int, fault);
    FrameHead head;
    QCOMPARE(int(readFrameHead(bytes.toStdString(), &head)), fault);
}

void tst_InstanceFrame::aStrangerIsKnownByItsFirstWrongByte()
{
    QVERIFY(canBeginFrame(""));
    QVERIFY(canBeginFrame("HF"));
    QVERIFY(canBeginFrame("HFsi\7"));
    QVERIFY(!canBeginFrame("G"));
    QVERIFY(!canBeginFrame("HFs_"));
}

QTEST_APPLESS_MAIN(tst_InstanceFrame)
#include "tst_instanceframe.moc"
