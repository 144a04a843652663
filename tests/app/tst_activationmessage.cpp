// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/activationmessage.h"
#include "app/framereader.h"

#include <QtCore/qbuffer.h>
#include <QtCore/qcborarray.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qrandom.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using Result = FrameReader::Result;

namespace {

Activation full()
{
    Activation activation;
    activation.arguments = {QStringLiteral("notes"), QString(), QStringLiteral("ü 𝄞.txt")};
    activation.workingDirectory = QStringLiteral("/home/anna");
    activation.urls = {QUrl(QStringLiteral("file:///a%20b")), QUrl(QStringLiteral("https://example.org/?q=%23#x"))};
    activation.activationToken = QStringLiteral("token");
    activation.startupId = QStringLiteral("id_TIME1");
    activation.environment = {{QStringLiteral("LANG"), QStringLiteral("C.UTF-8")}};
    activation.data = {{QStringLiteral("a"), QCborArray{1, QCborMap{{2, QByteArray("\0", 1)}}}}};
    activation.wait = Activation::Wait::UntilFinished;
    return activation;
}

bool isSame(const Activation &a, const Activation &b)
{
    return a.arguments == b.arguments && a.workingDirectory == b.workingDirectory && a.urls == b.urls
           && a.activationToken == b.activationToken && a.startupId == b.startupId && a.environment == b.environment
           && a.data == b.data && a.wait == b.wait;
}

/** A device that has what it was given, and no more yet. */
class Pipe : public QBuffer
{
public:
    Pipe() { open(QIODevice::ReadWrite); }
    void add(const QByteArray &bytes)
    {
        const qint64 read = pos();
        seek(size());
        write(bytes);
        seek(read);
    }
};

} // namespace

class tst_ActivationMessage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anActivationComesBackAsItWas();
    void anEmptyActivationIsOneByte();
    void anAnswerComesBackAsItWas();
    void whatIsNoMapIsRefused_data();
    void whatIsNoMapIsRefused();
    void membersOfAnotherKindAreEmpty();
    void noiseIsNoDanger();
    void framesComeInPiecesOfAnySize_data();
    void framesComeInPiecesOfAnySize();
    void aLongFrameTakesNoMoreThanItsBytes();
};

void tst_ActivationMessage::anActivationComesBackAsItWas()
{
    const auto again = readActivation(writeActivation(full()));
    QVERIFY(again && isSame(*again, full()));
}

void tst_ActivationMessage::anEmptyActivationIsOneByte()
{
    QCOMPARE(writeActivation({}), QByteArray("\xa0"));
    const auto again = readActivation("\xa0");
    QVERIFY(again && isSame(*again, {}));
}

void tst_ActivationMessage::anAnswerComesBackAsItWas()
{
    for (const auto outcome :
         {ActivationReply::Outcome::Accepted, ActivationReply::Outcome::Rejected, ActivationReply::Outcome::Failed}) {
        for (const int exitCode : {0, 1, -1, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()}) {
            const ActivationReply reply{outcome, exitCode, {{QStringLiteral("x"), 1.5}}, QStringLiteral("why")};
            const auto again = readReply(writeReply(reply));
            QVERIFY(again && *again == reply);
        }
    }
}

void tst_ActivationMessage::whatIsNoMapIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a number") << QByteArray("\x01");
    QTest::newRow("a map and a byte") << QByteArray("\xa0\x01");
    QTest::newRow("half of it") << writeActivation(full()).chopped(1);
    QTest::newRow("a break") << QByteArray("\xff");
    QTest::newRow("an array of 2^60 elements") << QByteArray("\x9b\x10\0\0\0\0\0\0\0", 9);
    QTest::newRow("a text of 2^60 bytes in a map") << QByteArray("\xa1\x7b\x10\0\0\0\0\0\0\0", 10);
    QTest::newRow("a million arrays, one in the other") << QByteArray(1'000'000, '\x81');
    QTest::newRow("text that is no UTF-8") << QByteArray("\xa1\x61\xff\x01");
}

void tst_ActivationMessage::whatIsNoMapIsRefused()
{
    QFETCH(const QByteArray, bytes);
    QVERIFY(!readActivation(bytes));
    QVERIFY(!readReply(bytes));
}

void tst_ActivationMessage::membersOfAnotherKindAreEmpty()
{
    const QCborMap map{{QStringLiteral("arguments"), 7},
                       {QStringLiteral("urls"), QCborMap()},
                       {QStringLiteral("data"), QCborArray{1}},
                       {QStringLiteral("environment"), QStringLiteral("x")},
                       {QStringLiteral("untilFinished"), QStringLiteral("yes")},
                       {QStringLiteral("something new"), 1},
                       {7, 8}};
    const auto activation = readActivation(map.toCborValue().toCbor());
    QVERIFY(activation && isSame(*activation, {}));
    const auto reply = readReply(QCborMap{{QStringLiteral("exitCode"), qint64(1) << 40}}.toCborValue().toCbor());
    QVERIFY(reply);
    QCOMPARE(reply->exitCode, 1);
    QCOMPARE(reply->outcome, ActivationReply::Outcome::Failed);
}

// Always the same noise: true messages with some bytes changed, cut or put in.
void tst_ActivationMessage::noiseIsNoDanger()
{
    QRandomGenerator random(20261126);
    const QByteArray good = writeActivation(full());
    int understood = 0;
    for (int i = 0; i < 20000; ++i) {
        QByteArray bytes = good;
        for (int changes = random.bounded(1, 5); changes > 0; --changes) {
            const auto at = random.bounded(int(bytes.size()));
            const auto byte = static_cast<char>(random.bounded(256));
            switch (random.bounded(4)) {
            case 0:
                bytes.truncate(std::max(at, 1));
                break;
            case 1:
                bytes.insert(at, byte);
                break;
            default:
                bytes[at] = byte;
            }
        }
        const auto activation = readActivation(bytes);
        understood += activation ? 1 : 0;
        QVERIFY(!activation || readActivation(writeActivation(*activation)));
        static_cast<void>(readReply(bytes));
    }
    QVERIFY(understood > 100); // or the noise has tested nothing
}

void tst_ActivationMessage::framesComeInPiecesOfAnySize_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {1, 2, 11, 12, 13, 1000})
        QTest::addRow("%d", size) << size;
}

void tst_ActivationMessage::framesComeInPiecesOfAnySize()
{
    QFETCH(const int, size);
    const QByteArray first(300, 'a');
    const QByteArray bytes = frame(records::FrameKind::Activation, first) + frame(records::FrameKind::Acknowledgement)
                             + frame(records::FrameKind::Answer, "b");
    Pipe pipe;
    FrameReader reader(300);
    QList<QByteArray> bodies;
    for (qsizetype from = 0; from < bytes.size(); from += size) {
        pipe.add(bytes.mid(from, size));
        while (pipe.bytesAvailable() > 0 && reader.read(pipe) == Result::Complete)
            bodies += reader.takeBody();
    }
    QCOMPARE(bodies, QList<QByteArray>({first, QByteArray(), "b"}));
}

void tst_ActivationMessage::aLongFrameTakesNoMoreThanItsBytes()
{
    Pipe pipe;
    pipe.add(QByteArray::fromStdString(records::writeFrameHead({records::FrameKind::Activation, 1u << 30})));
    pipe.add("x");
    FrameReader reader(qint64(1) << 30);
    QCOMPARE(reader.read(pipe), Result::Incomplete);
    QVERIFY(reader.takeBody().capacity() < 1000); // not what the head promises
    FrameReader strict((1 << 30) - 1);
    pipe.seek(0);
    QCOMPARE(strict.read(pipe), Result::TooLarge);
}

QTEST_APPLESS_MAIN(tst_ActivationMessage)
#include "tst_activationmessage.moc"
