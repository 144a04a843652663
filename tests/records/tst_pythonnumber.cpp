// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/pythonnumber.h"

#include <cmath>
#include <limits>

using Holdfast::records::pythonNumber;
using Holdfast::records::readInteger;
using Holdfast::records::readProcess;
using Holdfast::records::readPythonNumber;

class tst_PythonNumber : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printsAsPython_data();
    void printsAsPython();
    void readsFractions_data();
    void readsFractions();
    void refusesFractions_data();
    void refusesFractions();
    void readsIntegers_data();
    void readsIntegers();
    void processesAreFewer();
};

// The right column is what Python 3.11 printed.
void tst_PythonNumber::printsAsPython_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](double number, const char *text) { QTest::newRow(text) << number << QByteArray(text); };
    const double infinity = std::numeric_limits<double>::infinity();
    row(0.9, "0.9");
    row(30, "30.0");
    row(0.001, "0.001");
    row(0.0001, "0.0001");
    row(0.00001, "1e-05");
    row(0.00012345, "0.00012345");
    row(2.5e-7, "2.5e-07");
    row(1e22, "1e+22");
    row(1e16, "1e+16");
    row(1e15, "1000000000000000.0");
    row(9999999999999998.0, "9999999999999998.0");
    row(123456789012345680.0, "1.2345678901234568e+17");
    row(1.5e300, "1.5e+300");
    row(1e100, "1e+100");
    row(5e-324, "5e-324");
    row(1.7976931348623157e308, "1.7976931348623157e+308");
    row(0.1 + 0.2, "0.30000000000000004");
    row(1.0 / 3, "0.3333333333333333");
    row(86400, "86400.0");
    row(0, "0.0");
    row(-0.0, "-0.0");
    row(-1.5, "-1.5");
    row(infinity, "inf");
    row(-infinity, "-inf");
    row(std::numeric_limits<double>::quiet_NaN(), "nan");
}

void tst_PythonNumber::printsAsPython()
{
    QFETCH(double, number);
    QFETCH(QByteArray, text);
    QCOMPARE(pythonNumber(number), text.toStdString());
    const auto back = readPythonNumber(pythonNumber(number));
    const bool isRead = std::isfinite(number) && !std::signbit(number);
    QVERIFY(isRead ? back == number : !back);
}

void tst_PythonNumber::readsFractions_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("number");
    const auto row = [](const QByteArray &text, double number) { QTest::newRow(text.constData()) << text << number; };
    const double infinity = std::numeric_limits<double>::infinity();
    row("30", 30);
    row("0.5", 0.5);
    row("1e+22", 1e22);
    row("1.5e-05", 1.5e-5);
    row("007", 7);
    row("4.9e-324", 5e-324);
    row("1e+400", infinity);
    row("1e-400", infinity); // nobody means it
    row("1" + QByteArray(400, '0'), infinity);
}

void tst_PythonNumber::readsFractions()
{
    QFETCH(QByteArray, text);
    QFETCH(double, number);
    const auto read = readPythonNumber(Bytes(text));
    QVERIFY(read);
    QVERIFY(*read == number);
}

void tst_PythonNumber::refusesFractions_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"",   " ",  ".",     "e5",    ".5",  "5.", "1e",  "1e+", "1e5", "1E+5",  "1.e+5",    "1.2.3", "1,5", "1 5",
          "+1", "-1", "0x1p3", "1e+5f", "1_0", " 1", "1\n", "inf", "nan", "1\x1f", "\xd9\xa3", "1\xff", "one"})
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("zero byte") << literal("1\0");
}

void tst_PythonNumber::refusesFractions()
{
    QFETCH(QByteArray, text);
    QVERIFY(!readPythonNumber(Bytes(text)));
}

void tst_PythonNumber::readsIntegers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("number"); // empty: none
    const auto row = [](const QByteArray &text, const char *number) {
        QTest::newRow(text) << text << QByteArray(number);
    };
    row("0", "0");
    row("000", "0");
    row("00012", "12");
    row("4564968143935799161601706105914022163149293324252142017281",
        "4564968143935799161601706105914022163149293324252142017281");
    for (const char *text :
         {"", "-0", "+1", "-", " 5", "5\t", "1_0", "1.0", "1e3", "inf", "0b1", "\xd9\xa3", "\xc2\xb2"})
        row(text, "");
}

void tst_PythonNumber::readsIntegers()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, number);
    QCOMPARE(readInteger(Bytes(text)).value_or(""), number.toStdString());
}

void tst_PythonNumber::processesAreFewer()
{
    QVERIFY(readProcess("1") == 1);
    QVERIFY(readProcess("02147483647") == 2147483647);
    for (const char *text : {"0", "-1", "2147483648", "4294967297", "18446744073709551617", "1.0", ""})
        QVERIFY2(!readProcess(text), text);
}

QTEST_GUILESS_MAIN(tst_PythonNumber)
#include "tst_pythonnumber.moc"
