// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/libreofficelock.h"

using namespace Holdfast::records;

Q_DECLARE_METATYPE(LibreOfficeDamage)
Q_DECLARE_METATYPE(LibreOfficeOwner)
Q_DECLARE_METATYPE(LocalMinute)

class tst_LibreOfficeLock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAndWritesTheBytesOfLibreOffice();
    void fieldsComeBackAsTheyWere_data();
    void fieldsComeBackAsTheyWere();
    void aFieldEndsAtAZeroByte();
    void readsEveryUserOfASharedDocument();
    void aLockFileIsAsGoodAsItsFirstEntry_data();
    void aLockFileIsAsGoodAsItsFirstEntry();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void everyPartOfAnEntryIsTorn();
    void readsTimes_data();
    void readsTimes();
    void refusesTimes_data();
    void refusesTimes();
    void namesLockFiles();
    void findsTheDocumentOfALockFile_data();
    void findsTheDocumentOfALockFile();
};

namespace {

const LibreOfficeOwner Ann{"Ann Lee", "ann", "desk7", "14.03.2026 09:41", "file:///home/ann/.config/libreoffice/4"};
constexpr const char *AnnsBytes = "Ann Lee,ann,desk7,14.03.2026 09:41,file:///home/ann/.config/libreoffice/4;";

} // namespace

void tst_LibreOfficeLock::readsAndWritesTheBytesOfLibreOffice()
{
    const std::string bytes = golden("libreofficelock");
    // LibreOffice 7.4 wrote it, with the given name `Änn; "A\"` in its options and the family name `Lee, Jr.`.
    const LibreOfficeOwner owner{"\xc3\x84nn; \"A\\\" Lee, Jr.", "root", "vm", "26.11.2026 19:42",
                                 "file:///tmp/libreoffice"};
    const LibreOfficeLock lock = readLibreOfficeLock(Bytes(bytes));
    QCOMPARE(lock.damage, LibreOfficeDamage::None);
    QVERIFY(lock.owners == std::vector{owner});
    QCOMPARE(writeLibreOfficeOwner(owner), bytes);
    QCOMPARE(writeLibreOfficeOwner(Ann), std::string(AnnsBytes));
    QVERIFY(readLibreOfficeTime(owner.since) == (LocalMinute{2026, 11, 26, 19, 42}));
}

void tst_LibreOfficeLock::fieldsComeBackAsTheyWere_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("written");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("");
    QTest::newRow("a comma") << QByteArray("Lee, Ann") << QByteArray("Lee\\, Ann");
    QTest::newRow("a semicolon") << QByteArray("a;b") << QByteArray("a\\;b");
    QTest::newRow("a backslash") << QByteArray("WORK\\ann") << QByteArray("WORK\\\\ann");
    QTest::newRow("a backslash at the end") << QByteArray("ann\\") << QByteArray("ann\\\\");
    QTest::newRow("all of them") << QByteArray("\\,;\\") << QByteArray("\\\\\\,\\;\\\\");
    QTest::newRow("UTF-8") << QByteArray("J\xc3\xb6rg \xe6\x9d\x8e") << QByteArray("J\xc3\xb6rg \xe6\x9d\x8e");
    QTest::newRow("bytes that are no UTF-8") << QByteArray("J\xf6rg") << QByteArray("J\xf6rg");
    QTest::newRow("line ends") << QByteArray("a\r\nb\n") << QByteArray("a\r\nb\n");
}

void tst_LibreOfficeLock::fieldsComeBackAsTheyWere()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, written);
    const std::string text = field.toStdString();
    const std::string bytes = written.toStdString();
    const LibreOfficeOwner everywhere{text, text, text, text, text};
    const std::string entry = writeLibreOfficeOwner(everywhere);
    QCOMPARE(entry, bytes + ',' + bytes + ',' + bytes + ',' + bytes + ',' + bytes + ';');
    const LibreOfficeLock lock = readLibreOfficeLock(Bytes(entry));
    QCOMPARE(lock.damage, LibreOfficeDamage::None);
    QVERIFY(lock.owners == std::vector{everywhere});
}

void tst_LibreOfficeLock::aFieldEndsAtAZeroByte()
{
    const std::string entry = writeLibreOfficeOwner({"Ann", std::string("a\0nn", 4), "h", "", "p"});
    QCOMPARE(entry, std::string("Ann,a,h,,p;"));
}

void tst_LibreOfficeLock::readsEveryUserOfASharedDocument()
{
    const LibreOfficeOwner bob{"", "bob", "desk8", "14.03.2026 10:02", "file:///home/bob/.config/libreoffice/4"};
    const LibreOfficeLock lock = readLibreOfficeLock(Bytes(writeLibreOfficeOwner(Ann) + writeLibreOfficeOwner(bob)));
    QCOMPARE(lock.damage, LibreOfficeDamage::None);
    QVERIFY(lock.owners == (std::vector{Ann, bob}));
}

void tst_LibreOfficeLock::aLockFileIsAsGoodAsItsFirstEntry_data()
{
    QTest::addColumn<QByteArray>("behind");
    QTest::addColumn<LibreOfficeDamage>("damage");
    QTest::newRow("a line end, as a text editor leaves one") << QByteArray("\n") << LibreOfficeDamage::Torn;
    QTest::newRow("half an entry") << QByteArray("Bob,b") << LibreOfficeDamage::Torn;
    QTest::newRow("zeros") << QByteArray(16, '\0') << LibreOfficeDamage::Torn;
    QTest::newRow("rubbish") << QByteArray("a;b") << LibreOfficeDamage::Malformed;
}

void tst_LibreOfficeLock::aLockFileIsAsGoodAsItsFirstEntry()
{
    QFETCH(QByteArray, behind);
    QFETCH(LibreOfficeDamage, damage);
    const LibreOfficeLock lock = readLibreOfficeLock(Bytes(AnnsBytes + behind));
    QCOMPARE(lock.damage, damage);
    QVERIFY(lock.owners == std::vector{Ann});
}

void tst_LibreOfficeLock::saysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<LibreOfficeDamage>("damage");
    const auto row = [](const char *claim, const QByteArray &bytes, LibreOfficeDamage damage) {
        QTest::newRow(claim) << bytes << damage;
    };
    row("nothing is empty", "", LibreOfficeDamage::Empty);
    row("a word is torn", "garbage", LibreOfficeDamage::Torn);
    row("a blank is torn", " ", LibreOfficeDamage::Torn);
    row("zeros are torn", QByteArray(74, '\0'), LibreOfficeDamage::Torn);
    row("zeros behind the first half are torn", "Ann Lee,ann," + QByteArray(62, '\0'), LibreOfficeDamage::Torn);
    row("a hole within the text is torn", literal("Ann Lee,\0\0\0,desk7,14.03.2026 09:41,;"), LibreOfficeDamage::Torn);
    row("a backslash at the end is torn", "Ann\\", LibreOfficeDamage::Torn);
    row("an escaped letter is malformed", "Ann,a\\nn,h,,;", LibreOfficeDamage::Malformed);
    row("four fields are malformed", "Ann,ann,h,;", LibreOfficeDamage::Malformed);
    row("six fields are malformed", "Ann,ann,h,,p,q;", LibreOfficeDamage::Malformed);
    row("a semicolon first is malformed", ";", LibreOfficeDamage::Malformed);
    row("31999 bytes are torn as fewer are", QByteArray(31999, 'a'), LibreOfficeDamage::Torn);
    row("32000 bytes are too long", ",,,," + QByteArray(31995, 'a') + ";", LibreOfficeDamage::TooLong);
}

void tst_LibreOfficeLock::saysWhatIsWrong()
{
    QFETCH(QByteArray, bytes);
    QFETCH(LibreOfficeDamage, damage);
    const LibreOfficeLock lock = readLibreOfficeLock(Bytes(bytes));
    QCOMPARE(lock.damage, damage);
    QVERIFY(lock.owners.empty());
}

void tst_LibreOfficeLock::everyPartOfAnEntryIsTorn()
{
    const std::string bytes = "Lee\\, Ann\\\\,ann,desk7,14.03.2026 09:41,file:///home/a\\;b;";
    QCOMPARE(readLibreOfficeLock(Bytes(bytes)).owners.size(), 1u);
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        const LibreOfficeLock lock = readLibreOfficeLock(Bytes(bytes.substr(0, size)));
        QCOMPARE(lock.damage, LibreOfficeDamage::Torn);
        QVERIFY(lock.owners.empty());
    }
}

void tst_LibreOfficeLock::readsTimes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<LocalMinute>("time");
    QTest::newRow("a morning") << QByteArray("14.03.2026 09:41") << LocalMinute{2026, 3, 14, 9, 41};
    QTest::newRow("the first minute of a year") << QByteArray("01.01.2027 00:00") << LocalMinute{2027, 1, 1, 0, 0};
    QTest::newRow("the last one") << QByteArray("31.12.2026 23:59") << LocalMinute{2026, 12, 31, 23, 59};
    QTest::newRow("29 February") << QByteArray("29.02.2028 12:00") << LocalMinute{2028, 2, 29, 12, 0};
    QTest::newRow("29 February 2000") << QByteArray("29.02.2000 12:00") << LocalMinute{2000, 2, 29, 12, 0};
    QTest::newRow("a year of one digit") << QByteArray("01.01.0001 00:00") << LocalMinute{1, 1, 1, 0, 0};
}

void tst_LibreOfficeLock::readsTimes()
{
    QFETCH(QByteArray, text);
    QFETCH(LocalMinute, time);
    QVERIFY(readLibreOfficeTime(Bytes(text)) == time);
    QCOMPARE(writeLibreOfficeTime(time), text.toStdString());
}

void tst_LibreOfficeLock::refusesTimes_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"",
                             "14.03.2026",
                             "14.03.2026 09:41:00",
                             "14.03.2026 9:41",
                             "14.03.2026T09:41",
                             "2026-03-14 09:41",
                             "14/03/2026 09:41",
                             "1a.03.2026 09:41",
                             " 4.03.2026 09:41",
                             "-4.03.2026 09:41",
                             "00.03.2026 09:41",
                             "32.03.2026 09:41",
                             "31.04.2026 09:41",
                             "29.02.2026 09:41",
                             "29.02.2100 09:41",
                             "14.00.2026 09:41",
                             "14.13.2026 09:41",
                             "14.03.0000 09:41",
                             "14.03.2026 24:00",
                             "14.03.2026 09:60"})
        QTest::newRow(*text == '\0' ? "nothing" : text) << QByteArray(text);
}

void tst_LibreOfficeLock::refusesTimes()
{
    QFETCH(QByteArray, text);
    QVERIFY(!readLibreOfficeTime(Bytes(text)));
}

void tst_LibreOfficeLock::namesLockFiles()
{
    QCOMPARE(libreOfficeLockName("report.odt"), std::string(".~lock.report.odt#"));
    QCOMPARE(libreOfficeLockName("README"), std::string(".~lock.README#"));
    QCOMPARE(libreOfficeLockName("50% #1.ods"), std::string(".~lock.50% #1.ods#"));
    QCOMPARE(libreOfficeSharingName("report.ods"), std::string(".~sharing.report.ods#"));
}

void tst_LibreOfficeLock::findsTheDocumentOfALockFile_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("document"); // empty: there is none
    QTest::newRow("a lock file") << QByteArray(".~lock.report.odt#") << QByteArray("report.odt");
    QTest::newRow("of a document with odd characters") << QByteArray(".~lock.50% #1.ods#") << QByteArray("50% #1.ods");
    QTest::newRow("of a lock file") << QByteArray(".~lock..~lock.a##") << QByteArray(".~lock.a#");
    QTest::newRow("of one letter") << QByteArray(".~lock.a#") << QByteArray("a");
    QTest::newRow("of nothing") << QByteArray(".~lock.#") << QByteArray();
    QTest::newRow("without its end") << QByteArray(".~lock.report.odt") << QByteArray();
    QTest::newRow("without its beginning") << QByteArray("report.odt#") << QByteArray();
    QTest::newRow("beginning and end in one") << QByteArray(".~lock#") << QByteArray();
    QTest::newRow("a list of users") << QByteArray(".~sharing.report.ods#") << QByteArray();
}

void tst_LibreOfficeLock::findsTheDocumentOfALockFile()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, document);
    const Bytes bytes(name);
    const auto found = documentOfLibreOfficeLock(bytes);
    QCOMPARE(found.has_value(), !document.isEmpty());
    QCOMPARE(std::string(found.value_or("")), document.toStdString());
    QVERIFY(!found || libreOfficeLockName(*found) == name.toStdString());
}

QTEST_GUILESS_MAIN(tst_LibreOfficeLock)
#include "tst_libreofficelock.moc"
