// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/locktable.h"

#include <QtTest/qtest.h>

#include <random>
#include <string>

using Holdfast::records::flockHolders;
using Holdfast::records::LockTableEntry;
using Entries = std::vector<LockTableEntry>;

Q_DECLARE_METATYPE(Entries)

class tst_LockTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheHoldersOfAFile_data();
    void findsTheHoldersOfAFile();
    void matchesByTheInodeAloneOnADeviceWithoutADisk();
    void survivesEveryTruncation();
    void survivesNoise();
    void findsLocksOfOpenFiles();
};

// The file in question is 08:01:4711.
void tst_LockTable::findsTheHoldersOfAFile_data()
{
    QTest::addColumn<QByteArray>("table");
    QTest::addColumn<Entries>("holders");
    const auto row = [](const char *claim, const char *table, const Entries &holders) {
        QTest::newRow(claim) << QByteArray(table) << holders;
    };
    row("nobody in an empty table", "", {});
    row("nobody in empty lines", "\n\n\n", {});
    row("one writer", "1: FLOCK  ADVISORY  WRITE 708 08:01:4711 0 EOF\n", {{708, false}});
    row("one reader", "1: FLOCK  ADVISORY  READ  708 08:01:4711 0 EOF\n", {{708, true}});
    row("a last line without its end", "1: FLOCK  ADVISORY  WRITE 708 08:01:4711 0 EOF", {{708, false}});
    row("several readers in their order",
        "1: FLOCK  ADVISORY  READ  9 08:01:4711 0 EOF\n2: FLOCK  ADVISORY  READ  8 08:01:4711 0 EOF\n",
        {{9, true}, {8, true}});
    row("not who waits",
        "1: FLOCK  ADVISORY  WRITE 708 08:01:4711 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 709 08:01:4711 0 EOF\n",
        {{708, false}});
    row("not who waits behind one who waits", "1:  -> FLOCK  ADVISORY  WRITE 709 08:01:4711 0 EOF\n", {});
    row("not a POSIX lock", "1: POSIX  ADVISORY  WRITE 708 08:01:4711 0 EOF\n", {});
    row("not an OFD lock", "1: OFDLCK ADVISORY  WRITE -1 08:01:4711 0 EOF\n", {});
    row("not a lease", "1: LEASE  ACTIVE    WRITE 708 08:01:4711 0 EOF\n", {});
    row("not another inode", "1: FLOCK  ADVISORY  WRITE 708 08:01:47110 0 EOF\n", {});
    row("not another device", "1: FLOCK  ADVISORY  WRITE 708 08:02:4711 0 EOF\n", {});
    row("not another major number", "1: FLOCK  ADVISORY  WRITE 708 09:01:4711 0 EOF\n", {});
    row("the device is hexadecimal, the inode is not", "1: FLOCK  ADVISORY  WRITE 708 08:01:0x1267 0 EOF\n", {});
    row("leading zeros count for nothing", "1: FLOCK  ADVISORY  WRITE 708 0008:0001:004711 0 EOF\n", {{708, false}});
    row("a number beyond 99999", "100000: FLOCK  ADVISORY  WRITE 708 08:01:4711 0 EOF\n", {{708, false}});
    row("an inode that does not fit is another file",
        "1: FLOCK  ADVISORY  WRITE 708 08:01:99999999999999999999999 0 EOF\n", {});
    row("a process that does not fit is none", "1: FLOCK  ADVISORY  WRITE 99999999999999999999999 08:01:4711 0 EOF\n",
        {});
    row("a word for a process is none", "1: FLOCK  ADVISORY  WRITE many 08:01:4711 0 EOF\n", {});
    row("half a number is none", "1: FLOCK  ADVISORY  WRITE 70x 08:01:4711 0 EOF\n", {});
    row("a file with a part missing is none", "1: FLOCK  ADVISORY  WRITE 708 08:4711 0 EOF\n", {});
    row("a file with empty parts is none", "1: FLOCK  ADVISORY  WRITE 708 :: 0 EOF\n", {});
    row("garbage before and after costs nothing",
        "\x01\xff???\n:::\nFLOCK\n1: FLOCK  ADVISORY  WRITE 708 08:01:4711 0 EOF\n1: FLOCK\n", {{708, false}});
}

void tst_LockTable::findsTheHoldersOfAFile()
{
    QFETCH(QByteArray, table);
    QFETCH(Entries, holders);
    const Entries found =
        flockHolders(std::string_view(table.constData(), static_cast<std::size_t>(table.size())), 8, 1, 4711);
    QVERIFY(found == holders);
}

// A lock of an open file has no process.
void tst_LockTable::findsLocksOfOpenFiles()
{
    using Holdfast::records::openFileHolders;
    const std::string table = "1: OFDLCK ADVISORY  WRITE -1 08:01:4711 4611686018427387904 4611686018427387904\n"
                              "2: OFDLCK ADVISORY  READ  -1 08:01:4712 0 EOF\n"
                              "3: POSIX  ADVISORY  WRITE 708 08:01:4713 0 EOF\n";
    const std::uint64_t far = std::uint64_t(1) << 62;
    QVERIFY(openFileHolders(table, 8, 1, 4711, far) == (Entries{{-1, false}}));
    QVERIFY(openFileHolders(table, 8, 1, 4711, far - 1).empty());
    QVERIFY(openFileHolders(table, 8, 1, 4712, far) == (Entries{{-1, true}}));
    QVERIFY(openFileHolders(table, 8, 1, 4713, far).empty());
}

void tst_LockTable::matchesByTheInodeAloneOnADeviceWithoutADisk()
{
    const char *const table = "1: FLOCK  ADVISORY  WRITE 708 00:2a:4711 0 EOF\n";
    const Entries one{{708, false}};
    QVERIFY(flockHolders(table, 0, 0x2a, 4711) == one);
    QVERIFY(flockHolders(table, 0, 0x15, 4711) == one); // stat(2) numbers a subvolume differently
    QVERIFY(flockHolders(table, 0, 0x2a, 4712).empty());
    QVERIFY(flockHolders(table, 8, 0x2a, 4711).empty());
    QVERIFY(flockHolders("1: FLOCK ADVISORY WRITE 1 fd:1f:9 0 EOF\n", 0xfd, 0x1f, 9) == (Entries{{1, false}}));
}

void tst_LockTable::survivesEveryTruncation()
{
    const std::string line = "1: FLOCK  ADVISORY  READ  708 08:01:4711 0 EOF\n";
    const std::size_t complete = line.find(" 0 EOF");
    for (std::size_t size = 0; size <= line.size(); ++size) {
        // On the heap, so that the sanitizer sees a step beyond the end.
        const std::vector<char> text(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(size));
        const Entries found = flockHolders(std::string_view(text.data(), text.size()), 8, 1, 4711);
        QCOMPARE(found.size(), size >= complete ? 1u : 0u);
    }
}

// Lines made of the words that lines are made of, in any order, with bytes changed here and there.
void tst_LockTable::survivesNoise()
{
    const std::vector<std::string> words{
        "1:",         "->",      "FLOCK", "POSIX", "ADVISORY", "READ", "WRITE", "708",
        "-1",         "EOF",     "0",     " ",     "\n",       ":",    "\0",    "99999999999999999999",
        "08:01:4711", "ff:ff:1", "::",    "08:01:"};
    std::mt19937 random(4711);
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (auto count = random() % 40; count > 0; --count)
            text += words[random() % words.size()] + (random() % 4 ? " " : "");
        for (auto changes = random() % 3; changes > 0 && !text.empty(); --changes)
            text[random() % text.size()] = static_cast<char>(random());
        const std::vector<char> exact(text.begin(), text.end());
        for (const LockTableEntry &entry : flockHolders(std::string_view(exact.data(), exact.size()), 8, 1, 4711))
            QVERIFY(entry.process == 708 || entry.process == -1
                    || text.find(std::to_string(entry.process)) != text.npos);
    }
}

QTEST_GUILESS_MAIN(tst_LockTable)
#include "tst_locktable.moc"
