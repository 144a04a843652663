// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/vimswap.h"

using namespace Holdfast::records;

class tst_VimSwap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheBytesOfVim();
    void tellsWhetherTheTextIsModified();
    void readsTheBlocksOfOtherMachines_data();
    void readsTheBlocksOfOtherMachines();
    void knowsEncryptedTexts_data();
    void knowsEncryptedTexts();
    void readsFieldsThatAreFull();
    void readsNoProcess_data();
    void readsNoProcess();
    void refusesAPartOfABlock();
    void refuses_data();
    void refuses();
    void namesSwapFiles_data();
    void namesSwapFiles();
};

namespace {

std::string with(std::string block, std::size_t at, std::string_view bytes)
{
    return block.replace(at, bytes.size(), bytes);
}

} // namespace

// Vim 9.0 wrote them, on Linux with 64 bits.
void tst_VimSwap::readsTheBytesOfVim()
{
    VimSwap expected;
    expected.version = "VIM 9.0";
    expected.documentTime = 1795722473;
    expected.documentInode = 10969277;
    expected.process = 17030;
    expected.user = "root";
    expected.host = "vm";
    expected.document = "/tmp/holdfast/.rc";
    expected.sameDirectory = true;
    QVERIFY(readVimSwap(Bytes(golden("vimswap"))) == expected);
    QVERIFY(readVimSwap(Bytes(golden("vimswap") + "the lines of the text")) == expected);
}

void tst_VimSwap::tellsWhetherTheTextIsModified()
{
    const auto modified = readVimSwap(Bytes(golden("vimswap-modified")));
    QVERIFY(modified && modified->modified);
    QCOMPARE(modified->process, std::int64_t{17016});
    QCOMPARE(modified->document, std::string("/tmp/holdfast/f.txt")); // and not its encoding, which stands behind it
    const auto plain = readVimSwap(Bytes(golden("vimswap")));
    QVERIFY(plain && !plain->modified);
}

void tst_VimSwap::readsTheBlocksOfOtherMachines_data()
{
    QTest::addColumn<QByteArray>("magic");
    QTest::addColumn<bool>("big");
    QTest::newRow("little, 64 bits") << literal("3210\0\0\0\0") << false;
    QTest::newRow("little, 32 bits") << literal("3210#\"! ") << false;
    QTest::newRow("big, 64 bits") << literal("\0\0\0\0"
                                             "0123")
                                  << true;
    QTest::newRow("big, 32 bits") << literal("0123 !\"#") << true;
}

void tst_VimSwap::readsTheBlocksOfOtherMachines()
{
    QFETCH(QByteArray, magic);
    QFETCH(bool, big);
    const auto swap = readVimSwap(Bytes(with(golden("vimswap"), 1008, magic.toStdString())));
    QVERIFY(swap);
    QCOMPARE(swap->byteOrder == ByteOrder::Big, big);
    QCOMPARE(swap->process, std::int64_t{17030}); // numbers have their lower byte first everywhere
}

void tst_VimSwap::knowsEncryptedTexts_data()
{
    QTest::addColumn<QByteArray>("beginning");
    QTest::addColumn<bool>("encrypted");
    QTest::newRow("not encrypted") << QByteArray("b0") << false;
    QTest::newRow("zip") << QByteArray("bc") << true;
    QTest::newRow("blowfish") << QByteArray("bC") << true;
    QTest::newRow("blowfish2") << QByteArray("bd") << true;
}

void tst_VimSwap::knowsEncryptedTexts()
{
    QFETCH(QByteArray, beginning);
    QFETCH(bool, encrypted);
    const auto swap = readVimSwap(Bytes(with(golden("vimswap"), 0, beginning.toStdString())));
    QVERIFY(swap);
    QCOMPARE(swap->encrypted, encrypted);
    QCOMPARE(swap->user, std::string("root"));
}

void tst_VimSwap::readsFieldsThatAreFull()
{
    std::string block = golden("vimswap");
    block = with(block, 28, std::string(39, 'u'));
    block = with(block, 68, std::string(40, 'h')); // without a zero byte at its end: Vim would have put one
    block = with(block, 108, std::string(898, 'd'));
    const auto swap = readVimSwap(Bytes(block));
    QVERIFY(swap);
    QCOMPARE(swap->user, std::string(39, 'u'));
    QCOMPARE(swap->host, std::string(40, 'h'));
    QCOMPARE(swap->document, std::string(898, 'd'));
    QVERIFY(swap->sameDirectory && !swap->modified);
}

void tst_VimSwap::readsNoProcess_data()
{
    QTest::addColumn<QByteArray>("number");
    QTest::addColumn<qint64>("process");
    QTest::newRow("none") << literal("\0\0\0\0") << qint64(0);
    QTest::newRow("the greatest") << QByteArray("\xff\xff\xff\x7f") << qint64(2147483647);
    QTest::newRow("beyond 31 bits") << literal("\0\0\0\x80") << qint64(0);
}

void tst_VimSwap::readsNoProcess()
{
    QFETCH(QByteArray, number);
    QFETCH(qint64, process);
    const auto swap = readVimSwap(Bytes(with(golden("vimswap"), 24, number.toStdString())));
    QVERIFY(swap);
    QCOMPARE(qint64(swap->process), process);
}

void tst_VimSwap::refusesAPartOfABlock()
{
    const std::string block = golden("vimswap");
    for (std::size_t size = 0; size < VimBlockBytes; ++size)
        QVERIFY(!readVimSwap(Bytes(block.substr(0, size))));
}

void tst_VimSwap::refuses_data()
{
    QTest::addColumn<QByteArray>("block");
    const std::string block = golden("vimswap");
    const auto row = [](const char *claim, const std::string &bytes) {
        QTest::newRow(claim) << QByteArray::fromStdString(bytes);
    };
    row("zeros", std::string(1024, '\0'));
    row("a text", std::string(1024, 'b'));
    row("another beginning", with(block, 0, "B0"));
    row("another method", with(block, 0, "bx"));
    row("no byte order", with(block, 1008, std::string(8, '\0')));
    row("a byte order of nobody", with(block, 1008, "1032"));
}

void tst_VimSwap::refuses()
{
    QFETCH(QByteArray, block);
    QVERIFY(!readVimSwap(Bytes(block)));
}

void tst_VimSwap::namesSwapFiles_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<int>("index");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *claim, const QByteArray &document, int index, const QByteArray &name) {
        QTest::newRow(claim) << document << index << name;
    };
    row("the first", "f.txt", 0, ".f.txt.swp");
    row("the second", "f.txt", 1, ".f.txt.swo");
    row("the last of the first row", "f.txt", 15, ".f.txt.swa");
    row("the first of the second row", "f.txt", 16, ".f.txt.svz");
    row("the last", "f.txt", 587, ".f.txt.saa");
    row("beyond the last", "f.txt", 588, ".f.txt.saa");
    row("of a hidden document", ".rc", 0, ".rc.swp");
    row("of a document with odd characters", "a b#.c", 0, ".a b#.c.swp");
    row("of a name of 250 bytes", QByteArray(250, 'n'), 0, "." + QByteArray(250, 'n') + ".swp");
    row("of a name of 251 bytes", QByteArray(251, 'n'), 0, "." + QByteArray(250, 'n') + ".swp");
}

void tst_VimSwap::namesSwapFiles()
{
    QFETCH(QByteArray, document);
    QFETCH(int, index);
    QFETCH(QByteArray, name);
    QCOMPARE(vimSwapName(Bytes(document), std::size_t(index)), name.toStdString());
}

QTEST_GUILESS_MAIN(tst_VimSwap)
#include "tst_vimswap.moc"
