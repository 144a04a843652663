// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/documentrecord.h"

using namespace Holdfast::records;

namespace {

const std::string Token = "0123456789abcdef0123456789abcdef";

QByteArray toBytes(const std::string &text)
{
    return QByteArray::fromStdString(text);
}

} // namespace

class tst_DocumentRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isReadAsItIsWritten();
    void skipsLaterKeys();
    void refuses_data();
    void refuses();
};

// These bytes are the format: they must not change.
void tst_DocumentRecord::isReadAsItIsWritten()
{
    const DocumentRecord record{4711, "1234", Token, 1764185836000, "Note; pad, 1\\2 \xc3\xa4"};
    const std::string text =
        "holdfast:1?pid=4711&start=1234&token=" + Token + "&since=1764185836000&app=Note%3B%20pad%2C%201%5C2%20%C3%A4";
    QCOMPARE(toBytes(writeDocumentRecord(record)), toBytes(text));
    QVERIFY(readDocumentRecord(text) == record);
}

void tst_DocumentRecord::skipsLaterKeys()
{
    const auto record = readDocumentRecord("holdfast:1?colour=%zz&pid=1&token=" + Token + "&x&=");
    QVERIFY(record.has_value());
    QCOMPARE(record->process, 1);
    QVERIFY(record->startToken.empty());
}

void tst_DocumentRecord::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray token = "token=" + toBytes(Token);
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("LibreOffice's own") << QByteArray("file:///home/ann/.config/libreoffice/4");
    QTest::newRow("a later version") << "holdfast:2?pid=1&" + token;
    QTest::newRow("no process") << "holdfast:1?" + token;
    QTest::newRow("process 0") << "holdfast:1?pid=0&" + token;
    QTest::newRow("negative process") << "holdfast:1?pid=-1&" + token;
    QTest::newRow("no token") << QByteArray("holdfast:1?pid=1");
    QTest::newRow("short token") << QByteArray("holdfast:1?pid=1&token=12");
    QTest::newRow("token in capitals") << "holdfast:1?pid=1&" + token.toUpper();
    QTest::newRow("since a word") << "holdfast:1?pid=1&since=now&" + token;
    QTest::newRow("half a byte") << "holdfast:1?pid=1&app=%2&" + token;
    QTest::newRow("zero byte") << "holdfast:1?pid=1&app=%00&" + token;
}

void tst_DocumentRecord::refuses()
{
    QFETCH(QByteArray, text);
    QVERIFY(!readDocumentRecord(text.toStdString()));
}

QTEST_APPLESS_MAIN(tst_DocumentRecord)
#include "tst_documentrecord.moc"
