// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What a fingerprint says of a document that goes, or cannot be read, just while it is looked at.

#include "engine/fingerprint.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <thread>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace Holdfast;

class tst_Fingerprint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void neverTakesARemovalForAnotherContent();
    void takesNoWantOfDescriptorsForAnotherContent();
    void seesWhatIsWrittenThroughAMapping();
    void takesNoSecondNameForANewOne();
    void takesNoOtherFileOfTheSameNumberForIt();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_document;
};

void tst_Fingerprint::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_document = QFile::encodeName(m_folder->filePath(QStringLiteral("letter.txt"))).toStdString();
    QFile file(m_folder->filePath(QStringLiteral("letter.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("Dear Anna"), 9);
}

// The look takes two steps: the facts, then the bytes. The document goes and comes back between them, the same all the time.
void tst_Fingerprint::neverTakesARemovalForAnotherContent()
{
    Failure failure;
    const auto print = Fingerprint::of(m_document, &failure);
    QVERIFY(print && print->exists());
    const std::string kept = m_folder->path().toStdString() + "/kept";
    QVERIFY(::link(m_document.c_str(), kept.c_str()) == 0);
    std::atomic<bool> isOver = false;
    std::thread other([&] {
        while (!isOver) {
            ::unlink(m_document.c_str());
            static_cast<void>(::link(kept.c_str(), m_document.c_str()));
        }
    });
    int there = 0;
    int gone = 0;
    int wrong = 0;
    for (int i = 0; i < 20000; ++i) {
        const auto difference = print->difference(m_document, Fingerprint::Trust::Times, &failure);
        if (!difference || difference->kind == FileDifference::Written || difference->kind == FileDifference::Replaced)
            ++wrong;
        else if (difference->kind == FileDifference::None)
            ++there;
        else
            ++gone;
    }
    isOver = true;
    other.join();
    QCOMPARE(wrong, 0);
    QVERIFY2(there > 0 && gone > 0, qPrintable(QStringLiteral("%1 and %2").arg(there).arg(gone)));
}

// It was written a moment ago, so its times alone do not settle it, and its bytes cannot be read.
void tst_Fingerprint::takesNoWantOfDescriptorsForAnotherContent()
{
    Failure failure;
    const auto print = Fingerprint::of(m_document, &failure);
    QVERIFY(print && print->exists());
    rlimit before = {};
    QVERIFY(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none = {0, before.rlim_max};
    QVERIFY(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    const auto difference = print->difference(m_document, Fingerprint::Trust::Times, &failure);
    QVERIFY(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    QVERIFY2(difference, qPrintable(failure.text));
    QCOMPARE(difference->kind, FileDifference::None);
}

// The second time into a page that is waiting for the disk already: the system notes no time for that.
void tst_Fingerprint::seesWhatIsWrittenThroughAMapping()
{
    constexpr std::size_t size = 9;
    const int file = ::open(m_document.c_str(), O_RDWR | O_CLOEXEC);
    QVERIFY(file >= 0);
    void *bytes = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    QVERIFY(bytes != MAP_FAILED);
    std::memcpy(bytes, "Dear Bert", size);
    QTest::qWait(2500); // until the times are so old that they are believed
    Failure failure;
    const auto print = Fingerprint::of(m_document, &failure);
    QVERIFY(print && print->exists());
    std::memcpy(bytes, "Dear Carl", size);
    const auto difference = print->difference(m_document, Fingerprint::Trust::OnlyBytes, &failure);
    ::munmap(bytes, size);
    QVERIFY2(difference, qPrintable(failure.text));
    QCOMPARE(difference->kind, FileDifference::Written);
}

// It was there all the time, and whoever followed it would go to the wrong document.
void tst_Fingerprint::takesNoSecondNameForANewOne()
{
    const std::string second = m_folder->path().toStdString() + "/second";
    QVERIFY(::link(m_document.c_str(), second.c_str()) == 0);
    Failure failure;
    const auto print = Fingerprint::of(m_document, &failure);
    QVERIFY(print && print->exists());
    QVERIFY(::unlink(m_document.c_str()) == 0);
    const auto difference = print->difference(m_document, Fingerprint::Trust::Times, &failure);
    QVERIFY2(difference, qPrintable(failure.text));
    QCOMPARE(difference->kind, FileDifference::Removed);
    QCOMPARE(difference->movedTo, std::string());
}

//   1 the document is removed     2 another file is made there, and gets its number, as ext4 does at once
// A renamed file that is written after has that number, too, and other facts.
void tst_Fingerprint::takesNoOtherFileOfTheSameNumberForIt()
{
    const std::string other = m_folder->path().toStdString() + "/other";
    Failure failure;
    const auto print = Fingerprint::of(m_document, &failure);
    QVERIFY(print && print->exists());
    QVERIFY(::rename(m_document.c_str(), other.c_str()) == 0);
    const auto moved = print->difference(m_document, Fingerprint::Trust::Times, &failure);
    QVERIFY2(moved && moved->kind == FileDifference::Moved, qPrintable(failure.text));
    QCOMPARE(moved->movedTo, other);
    QFile file(QString::fromStdString(other));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("Dear Carl") == 9);
    file.close();
    const auto gone = print->difference(m_document, Fingerprint::Trust::Times, &failure);
    QVERIFY2(gone && gone->kind == FileDifference::Removed, qPrintable(failure.text));
    QCOMPARE(gone->movedTo, std::string());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("Dear Anna") == 9); // the same again, at another time
    file.close();
    const auto found = print->difference(m_document, Fingerprint::Trust::Times, &failure);
    QVERIFY2(found && found->kind == FileDifference::Moved, qPrintable(failure.text));
}

QTEST_GUILESS_MAIN(tst_Fingerprint)
#include "tst_fingerprint.moc"
