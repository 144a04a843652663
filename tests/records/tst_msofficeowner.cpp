// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/msofficeowner.h"

#include <array>

using namespace Holdfast::records;

Q_DECLARE_METATYPE(MsOfficeProgram)

class tst_MsOfficeOwner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void readsEveryLengthOfAName_data();
    void readsEveryLengthOfAName();
    void refuses_data();
    void refuses();
    void refusesAPartOfAFile();
    void namesOwnerFiles_data();
    void namesOwnerFiles();
};

namespace {

struct Layout
{
    std::size_t size;
    std::size_t nameAt;
    std::string behindName; ///< what follows the first name
    char padding;
};

const Layout WordLayout{162, 54, "", '\0'};
const Layout ExcelLayout{165, 55, "", ' '};
const Layout PowerPointLayout{165, 55, std::string(1, '\0'), ' '};

// A file of that layout with a name of Latin letters.
std::string fileOf(const Layout &layout, std::string_view name)
{
    std::string file = static_cast<char>(name.size()) + std::string(name) + layout.behindName;
    file.resize(layout.nameAt, layout.padding);
    file.push_back(static_cast<char>(name.size()));
    file.push_back('\0');
    for (const char letter : name)
        file.append({letter, '\0'});
    while (file.size() < layout.size)
        file.append({layout.padding, '\0'});
    file.resize(layout.size);
    return file;
}

std::string with(std::string file, std::size_t at, std::string_view bytes)
{
    return file.replace(at, bytes.size(), bytes);
}

} // namespace

// The golden files are from LibreOffice 7.4, which writes them for Office when it is told so; its user was `Ann 李 Lee`.
void tst_MsOfficeOwner::reads_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<MsOfficeProgram>("program");
    QTest::addColumn<QByteArray>("fullName");
    const auto row = [](const char *claim, const std::string &file, MsOfficeProgram program, const char *fullName) {
        QTest::newRow(claim) << QByteArray::fromStdString(file) << program << QByteArray(fullName);
    };
    row("of Word", golden("msoffice-word"), MsOfficeProgram::Word, "Ann \xe6\x9d\x8e Lee");
    row("of Excel", golden("msoffice-excel"), MsOfficeProgram::Excel, "Ann \xe6\x9d\x8e Lee");
    row("of PowerPoint", golden("msoffice-powerpoint"), MsOfficeProgram::PowerPoint, "Ann \xe6\x9d\x8e Lee");
    const std::string word = fileOf(WordLayout, "Ann");
    row("rubbish behind the name", with(word, 62, std::string(100, '\xee')), MsOfficeProgram::Word, "Ann");
    row("a longer file", word + std::string(100, ' '), MsOfficeProgram::Word, "Ann");
    row("another code page", with(word, 1, "\xc0\xed\xed"), MsOfficeProgram::Word, "Ann");
    row("a character of two units", with(word, 56, std::string("\x3d\xd8\x00\xdeX\0", 6)), MsOfficeProgram::Word,
        "\xf0\x9f\x98\x80X");
    row("the greatest character", with(word, 56, std::string("\xff\xdb\xff\xdfX\0", 6)), MsOfficeProgram::Word,
        "\xf4\x8f\xbf\xbfX");
    row("characters of two bytes", with(word, 56, std::string("\x80\0\xff\7\0\x08", 6)), MsOfficeProgram::Word,
        "\xc2\x80\xdf\xbf\xe0\xa0\x80");
}

void tst_MsOfficeOwner::reads()
{
    QFETCH(QByteArray, file);
    QFETCH(MsOfficeProgram, program);
    QFETCH(QByteArray, fullName);
    const auto owner = readMsOfficeOwner(Bytes(file));
    QVERIFY(owner);
    QCOMPARE(owner->program, program);
    QCOMPARE(owner->fullName, fullName.toStdString());
}

void tst_MsOfficeOwner::readsEveryLengthOfAName_data()
{
    QTest::addColumn<MsOfficeProgram>("program");
    QTest::newRow("of Word") << MsOfficeProgram::Word;
    QTest::newRow("of Excel") << MsOfficeProgram::Excel;
    QTest::newRow("of PowerPoint") << MsOfficeProgram::PowerPoint;
}

void tst_MsOfficeOwner::readsEveryLengthOfAName()
{
    QFETCH(MsOfficeProgram, program);
    const std::array layouts{WordLayout, ExcelLayout, PowerPointLayout};
    for (std::size_t length = 1; length <= 52; ++length) {
        const std::string name(length, 'n');
        const std::string file = fileOf(layouts[static_cast<std::size_t>(program)], name);
        QVERIFY(readMsOfficeOwner(Bytes(file)) == (MsOfficeOwner{program, name}));
    }
}

void tst_MsOfficeOwner::refuses_data()
{
    QTest::addColumn<QByteArray>("file");
    const auto row = [](const char *claim, const std::string &file) {
        QTest::newRow(claim) << QByteArray::fromStdString(file);
    };
    const std::string word = fileOf(WordLayout, "Ann");
    row("nothing", "");
    row("zeros", std::string(162, '\0'));
    row("blanks", std::string(165, ' '));
    row("a text", std::string(165, 'a'));
    row("no first name", with(word, 0, std::string(1, '\0')));
    row("a first name of 53 bytes", with(word, 0, "\x35"));
    row("no second name", with(word, 54, std::string(1, '\0')));
    row("a second name of 53 units", with(word, 54, "\x35"));
    row("a second name of 259 units", with(word, 55, "\1"));
    row("half a character at the end", with(word, 60, std::string("\x3d\xd8", 2)));
    row("half a character before another", with(word, 56, std::string("\x3d\xd8X\0", 4)));
    row("the second half of a character", with(word, 56, std::string("\x00\xde", 2)));
}

void tst_MsOfficeOwner::refuses()
{
    QFETCH(QByteArray, file);
    QVERIFY(!readMsOfficeOwner(Bytes(file)));
}

void tst_MsOfficeOwner::refusesAPartOfAFile()
{
    const std::string file = fileOf(ExcelLayout, std::string(52, 'n'));
    for (std::size_t size = 0; size < 162; ++size)
        QVERIFY(!readMsOfficeOwner(Bytes(file.substr(0, size))));
    for (std::size_t size = 162; size <= file.size(); ++size) // three bytes of padding are nothing to wait for
        QVERIFY(readMsOfficeOwner(Bytes(file.substr(0, size))));
}

void tst_MsOfficeOwner::namesOwnerFiles_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *document, const char *name) {
        QTest::newRow(document) << QByteArray(document) << QByteArray(name);
    };
    // These six as LibreOffice 7.4 named them.
    row("document.docx", "~$cument.docx");
    row("letters.docx", "~$etters.docx");
    row("letter1.docx", "~$etter1.docx");
    row("report.docx", "~$report.docx");
    row("longtable.xlsx", "~$longtable.xlsx");
    row("longslides.pptx", "~$longslides.pptx");
    row("DOCUMENT.DOC", "~$CUMENT.DOC");
    row("LONGTABLE.XLSX", "~$LONGTABLE.XLSX");
    row("longtable.ods", "~$longtable.ods");
    row("document.rtf", "~$cument.rtf");
    row("document.txt", "~$cument.txt");
    row("a.b.c.d.e.docx", "~$b.c.d.e.docx");
    row("document", "~$cument");
    row(".docx", "~$.docx");
    row("\xc3\xa4\xc3\xb6\xc3\xbc"
        "1234.docx",
        "~$\xc3\xb6\xc3\xbc"
        "1234.docx"); // 7 characters, in 10 bytes
    row("\xc3\xa4\xc3\xb6\xc3\xbc"
        "12345.docx",
        "~$\xc3\xbc"
        "12345.docx"); // 8
    row("\xf0\x9f\x98\x80"
        "123456.docx",
        "~$123456.docx"); // 7, but 8 units
    row("\xf0\x9f\x98\x80"
        "12345.docx",
        "~$12345.docx"); // 7 units: half of the first one cannot go
    row("\xff\xfe"
        "123456.docx",
        "~$123456.docx"); // no UTF-8
}

void tst_MsOfficeOwner::namesOwnerFiles()
{
    QFETCH(QByteArray, document);
    QFETCH(QByteArray, name);
    QCOMPARE(msOfficeOwnerName(Bytes(document)), name.toStdString());
}

QTEST_GUILESS_MAIN(tst_MsOfficeOwner)
#include "tst_msofficeowner.moc"
