// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/canonical.h"
#include "records/pythontext.h"
#include "records/unicode.h"

#include <algorithm>

using namespace Holdfast::records;

class tst_Texts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsUtf8_data();
    void tellsUtf8();
    void stripsAsPython_data();
    void stripsAsPython();
    void splitsAsPython_data();
    void splitsAsPython();
    void countsWhatPythonCounts();
    void tellsPrintableCharacters();
    void readsHexadecimal();
    void tellsTokens();
    void tellsCanonicalNumbers();
};

void tst_Texts::tellsUtf8_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("valid");
    const auto row = [](const char *claim, const QByteArray &text, bool valid) {
        QTest::newRow(claim) << text << valid;
    };
    row("nothing", "", true);
    row("ASCII and a zero byte", literal("a\0b"), true);
    row("the first of two bytes", "\xc2\x80", true);
    row("the last of two bytes", "\xdf\xbf", true);
    row("the first of three bytes", "\xe0\xa0\x80", true);
    row("before the surrogates", "\xed\x9f\xbf", true);
    row("behind the surrogates", "\xee\x80\x80", true);
    row("the last of three bytes", "\xef\xbf\xbf", true);
    row("the first of four bytes", "\xf0\x90\x80\x80", true);
    row("the last character", "\xf4\x8f\xbf\xbf", true);
    row("a slash in two bytes", "\xc0\xaf", false);
    row("two bytes too long", "\xc1\xbf", false);
    row("three bytes too long", "\xe0\x9f\xbf", false);
    row("four bytes too long", "\xf0\x8f\xbf\xbf", false);
    row("the first surrogate", "\xed\xa0\x80", false);
    row("the last surrogate", "\xed\xbf\xbf", false);
    row("beyond the last character", "\xf4\x90\x80\x80", false);
    row("five bytes", "\xf8\x88\x80\x80\x80", false);
    row("a byte that never is", "\xff", false);
    row("a byte that only follows", "\x80", false);
    row("one byte missing", "\xc3", false);
    row("two bytes missing", "\xf0\x90", false);
    row("another byte where one must follow",
        "\xe2\x82"
        "a",
        false);
    row("a beginning where one must follow", "\xc3\xc3\xa4", false);
}

void tst_Texts::tellsUtf8()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, valid);
    QCOMPARE(isUtf8(Bytes(text)), valid);
    QCOMPARE(isUtf8(Bytes("a" + text + "b")), valid);
}

void tst_Texts::stripsAsPython_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("rest");
    const auto row = [](const char *claim, const QByteArray &text, const QByteArray &rest) {
        QTest::newRow(claim) << text << rest;
    };
    row("nothing", "", "");
    row("only white space", " \t\n\v\f\r\x1c\x1d\x1e\x1f", "");
    row("nothing to strip", "a b", "a b");
    row("both ends", " a b\n", "a b");
    row("a next line, a no-break space",
        "\xc2\x85"
        "a\xc2\xa0",
        "a");
    row("an ogham space, an en quad",
        "\xe1\x9a\x80"
        "a\xe2\x80\x80",
        "a");
    row("a hair space, a separator",
        "\xe2\x80\x8a"
        "a\xe2\x80\xa9",
        "a");
    row("a narrow one, a mathematical one",
        "\xe2\x80\xaf"
        "a\xe2\x81\x9f",
        "a");
    row("a zero-width space is none",
        "\xe2\x80\x8b"
        "a",
        "\xe2\x80\x8b"
        "a");
    row("a zero byte is none", literal("\0a"), literal("\0a"));
    row("a byte that is no UTF-8 is none", " \x85 ", "\x85");
    row("half a white space is none", "a\xe2\x80", "a\xe2\x80");
}

void tst_Texts::stripsAsPython()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, rest);
    QCOMPARE(std::string(stripped(Bytes(text))), rest.toStdString());
}

void tst_Texts::splitsAsPython_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArrayList>("lines");
    const auto row = [](const char *claim, const QByteArray &text, const QByteArrayList &lines) {
        QTest::newRow(claim) << text << lines;
    };
    row("nothing has no line", "", {});
    row("an end has one, empty", "\n", {""});
    row("the last needs no end", "a\nb", {"a", "b"});
    row("the last may have one", "a\nb\n", {"a", "b"});
    row("empty lines count", "\n\na", {"", "", "a"});
    row("a carriage return and a line feed are one end", "a\r\nb\n\rc\r", {"a", "b", "", "c"});
    row("all the ends",
        "a\vb\fc\x1c"
        "d\x1d"
        "e\x1e"
        "f\xc2\x85g\xe2\x80\xa8h\xe2\x80\xa9i",
        {"a", "b", "c", "d", "e", "f", "g", "h", "i"});
    row("no ends", "a\x1f b\tc\xc2\xa0", {"a\x1f b\tc\xc2\xa0"});
}

void tst_Texts::splitsAsPython()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArrayList, lines);
    const Bytes bytes(text);
    QByteArrayList found;
    for (const std::string_view line : splitLines(bytes))
        found.append(QByteArray(line.data(), qsizetype(line.size())));
    QCOMPARE(found, lines);
}

// How many characters Python 3.11 (Unicode 14) finds in each class, counted over all of Unicode.
void tst_Texts::countsWhatPythonCounts()
{
    int spaces = 0;
    int ends = 0;
    for (char32_t character = 0; character <= 0x10FFFF; ++character) {
        spaces += isSpace(character);
        ends += isLineEnd(character);
        QVERIFY(!isLineEnd(character) || isSpace(character));
    }
    QCOMPARE(spaces, 29);
    QCOMPARE(ends, 10);
}

void tst_Texts::tellsPrintableCharacters()
{
    for (const char32_t character :
         {0x20u, 0x21u, 0x7Eu, 0xA1u, 0xACu, 0xAEu, 0x2010u, 0x2030u, 0x4E00u, 0xFFFDu, 0x1F600u})
        QVERIFY2(isPrintable(character), qPrintable(QString::number(character, 16)));
    for (const char32_t character : {0x00u,   0x1Fu,   0x7Fu,    0x80u,    0xA0u,    0xADu,     0x200Fu,  0x2028u,
                                     0x202Eu, 0x2060u, 0x2066u,  0x3000u,  0xE000u,  0xF8FFu,   0xFDD0u,  0xFEFFu,
                                     0xFFFEu, 0xFFFFu, 0x1FFFEu, 0xE0001u, 0xF0000u, 0x10FFFDu, 0x10FFFFu})
        QVERIFY2(!isPrintable(character), qPrintable(QString::number(character, 16)));
}

void tst_Texts::readsHexadecimal()
{
    const std::string all("\0\x01\x7f\x80\xff"
                          "az",
                          7);
    QCOMPARE(toHexadecimal(all), std::string("00017f80ff617a"));
    QVERIFY(fromHexadecimal("00017f80ff617a") == all);
    QVERIFY(fromHexadecimal("") == "");
    for (const char *text : {"0", "000", "0G", "0x", "AB", " 0", "-1"})
        QVERIFY2(!fromHexadecimal(text), text);
}

void tst_Texts::tellsTokens()
{
    QVERIFY(isToken("0123456789abcdef0123456789abcdef"));
    for (const char *text : {"", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0",
                             "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcdeg"})
        QVERIFY2(!isToken(text), text);
}

void tst_Texts::tellsCanonicalNumbers()
{
    for (const char *text : {"0", "1", "10", "4564968143935799161601706105914022163149293324252142017281"})
        QVERIFY2(isCanonicalNumber(text), text);
    for (const char *text : {"", "00", "01", "-1", "+1", "1 ", "1_0", "a"})
        QVERIFY2(!isCanonicalNumber(text), text);
    QVERIFY(readCanonicalProcess("2147483647") == 2147483647);
    for (const char *text : {"", "0", "-1", "01", "2147483648", "99999999999999999999"})
        QVERIFY2(!readCanonicalProcess(text), text);
}

QTEST_GUILESS_MAIN(tst_Texts)
#include "tst_texts.moc"
