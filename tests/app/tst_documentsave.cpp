// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Saving: all of it or nothing, and nobody's update is lost.

#include "../engine/nobody.h"
#include "otherdocument.h"

#include <holdfast/app/documentsave.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qsavefile.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qtextstream.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

using namespace Holdfast;
using namespace std::chrono_literals;
using Change = DocumentLock::Change;
using Error = DocumentSave::Error;

namespace {

/** A small disk. */
class SmallDisk
{
public:
    explicit SmallDisk(const QString &directory) : m_directory(QFile::encodeName(directory))
    {
        m_isThere = ::mount("tmpfs", m_directory.constData(), "tmpfs", 0, "size=128k") == 0;
    }
    ~SmallDisk()
    {
        if (m_isThere)
            ::umount2(m_directory.constData(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;
    bool isThere() const { return m_isThere; }

private:
    const QByteArray m_directory;
    bool m_isThere = false;
};

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(missing)");
}

void setModified(const QString &path, const timespec &time)
{
    const timespec times[2] = {time, time};
    QVERIFY(::utimensat(AT_FDCWD, qPrintable(path), times, 0) == 0);
}

bool save(DocumentLock &lock, const QByteArray &text)
{
    DocumentSave save(lock);
    return save.begin() && save.device()->write(text) == text.size() && save.commit();
}

} // namespace

class tst_DocumentSave : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesAWriteProtectedDocument();
    void refusesWhatIsNoFile();
    void refusesOverWhatWasWrittenThroughAMapping();
    void init();
    void replacesTheDocumentAndLeavesNothingElse();
    void keepsPermissionsAndSymbolicLinks();
    void replacesOnlyWhatWasLoaded_data();
    void replacesOnlyWhatWasLoaded();
    void aNameThatIsNoTextIsLeftAlone();
    void keepsTheOldContentOnAFullDisk_data();
    void keepsTheOldContentOnAFullDisk();
    void leavesTheDocumentAloneWithoutCommit();
    void refusesWhatWasCutOnItsWay();
    void refusesWhatTookThePlaceOfTheNewFile();
    void refusesADeviceThatWasClosed();
    void refusesWithoutTheLock();
    void refusesWhenTheSidecarWasTaken();
    void refusesOverChangesOfOthers_data();
    void refusesOverChangesOfOthers();
    void ownSavesAreNoChanges();
    void savesABigDocumentAgainAndAgain();
    void otherPermissionsAreNoChange();
    void losesNoUpdateBetweenTwoEditors();

private:
    void letTheClockTick() const;
    QStringList names() const
    {
        return QDir(m_directory->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_DocumentSave::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("letter.txt"));
    write(m_path, "Dear Anna");
}

void tst_DocumentSave::replacesTheDocumentAndLeavesNothingElse()
{
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    QVERIFY(save(lock, "Dear Ben"));
    QCOMPARE(read(m_path), "Dear Ben");
    QVERIFY(save(lock, "Dear Carl"));
    QVERIFY(lock.release());
    QCOMPARE(names(), QStringList(QStringLiteral("letter.txt")));
}

void tst_DocumentSave::keepsPermissionsAndSymbolicLinks()
{
    QVERIFY(::chmod(qPrintable(m_path), 0640) == 0);
    const QString link = m_directory->filePath(QStringLiteral("link"));
    QVERIFY(QFile::link(QStringLiteral("letter.txt"), link));
    DocumentLock lock(link);
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::exists(sidecarOf(m_path)));
    QVERIFY(save(lock, "Dear Ben"));
    QVERIFY(QFileInfo(link).isSymLink());
    QCOMPARE(read(m_path), "Dear Ben");
    struct stat facts = {};
    QVERIFY(::stat(qPrintable(m_path), &facts) == 0);
    QCOMPARE(facts.st_mode & 0777U, 0640U);
}

void tst_DocumentSave::replacesOnlyWhatWasLoaded_data()
{
    QTest::addColumn<bool>("loadsFirst");
    QTest::addColumn<bool>("lazy");
    QTest::newRow("loaded before the link leads elsewhere, locked after") << true << false;
    QTest::newRow("loaded before, modified after") << true << true;
    QTest::newRow("locked before, loaded after") << false << false;
}

void tst_DocumentSave::replacesOnlyWhatWasLoaded()
{
    QFETCH(bool, loadsFirst);
    QFETCH(bool, lazy);
    const QString other = m_directory->filePath(QStringLiteral("other.txt"));
    const QString link = m_directory->filePath(QStringLiteral("link"));
    write(other, "Dear Zoe");
    QVERIFY(QFile::link(QStringLiteral("letter.txt"), link));
    DocumentLock lock(link);
    const auto acquire = [&] {
        lock.setLazy(lazy);
        lock.setModified(true);
        return lazy ? QTest::qWaitFor([&] { return lock.isHeld(); }) : lock.tryAcquire();
    };
    QVERIFY(loadsFirst ? lock.documentLoaded() : acquire());
    QVERIFY(QFile::remove(link) && QFile::link(QStringLiteral("other.txt"), link));
    QVERIFY(loadsFirst ? acquire() : lock.documentLoaded());
    QVERIFY(!loadsFirst || lock.change() != Change::None);
    DocumentSave save(lock);
    QVERIFY(!save.begin());
    QCOMPARE(save.error(), Error::DocumentChanged);
    QCOMPARE(read(m_path), "Dear Anna");
    QCOMPARE(read(other), "Dear Zoe");
}

// A link can lead there, and a QString cannot: what it names instead has neither these bytes nor these permissions.
void tst_DocumentSave::aNameThatIsNoTextIsLeftAlone()
{
    const QByteArray name = QFile::encodeName(m_directory->path()) + "/caf\xe9.txt"; // Latin-1
    const QString link = m_directory->filePath(QStringLiteral("link"));
    QVERIFY(::rename(qPrintable(m_path), name.constData()) == 0);
    QVERIFY(::symlink("caf\xe9.txt", qPrintable(link)) == 0);
    DocumentLock lock(link);
    QVERIFY(lock.tryAcquire());
    QVERIFY(!lock.documentLoaded());
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QVERIFY2(lock.errorString().contains(link) && lock.errorString().contains(QLatin1String("UTF-8")),
             qPrintable(lock.errorString()));
    DocumentSave save(lock);
    QVERIFY(!save.begin());
    QCOMPARE(save.error(), Error::NotReplaced);
    QCOMPARE(read(link), "Dear Anna");
    QVERIFY(lock.verify());
    QVERIFY(lock.release());
    struct stat facts = {};
    QVERIFY(::stat(name.constData(), &facts) == 0);
    QVERIFY((facts.st_mode & 0777U) != 0);
}

void tst_DocumentSave::keepsTheOldContentOnAFullDisk_data()
{
    QTest::addColumn<int>("piece");
    QTest::newRow("one write") << 1000000;
    QTest::newRow("small writes, buffered") << 100;
    QTest::newRow("a stream that has not written yet") << 0;
}

// What QSaveFile does on the same disk is shown first: it is the reason for this class.
void tst_DocumentSave::keepsTheOldContentOnAFullDisk()
{
    QFETCH(int, piece);
    const SmallDisk disk(m_directory->path());
    if (!disk.isThere())
        QSKIP("cannot mount a tmpfs here");
    write(m_path, "Dear Anna");
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    DocumentSave save(lock);
    QVERIFY(save.begin());
    const QByteArray bytes(piece, 'x');
    for (int written = 0; piece > 0 && written < 1000000; written += piece)
        save.device()->write(bytes);
    QTextStream stream(save.device());
    if (piece == 0) {
        QFile rest(m_directory->filePath(QStringLiteral("rest")));
        QVERIFY(rest.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && rest.write(QByteArray(1000000, 'x')) > 0);
        stream << QString(12000, u'x'); // less than it buffers
    }
    QVERIFY(!save.commit());
    QFile::remove(m_directory->filePath(QStringLiteral("rest")));
    QCOMPARE(save.error(), Error::NotWritten);
    QVERIFY2(save.errorString().contains(QLatin1String("No space left")), qPrintable(save.errorString()));
    QCOMPARE(read(m_path), "Dear Anna");
    QVERIFY(lock.verify());
    QVERIFY(::save(lock, "Dear Ben")); // there is room again
    QCOMPARE(read(m_path), "Dear Ben");
}

void tst_DocumentSave::leavesTheDocumentAloneWithoutCommit()
{
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    {
        DocumentSave save(lock);
        QVERIFY(save.begin());
        save.device()->write("half");
    }
    QCOMPARE(read(m_path), "Dear Anna");
    QVERIFY(lock.release());
    QCOMPARE(names().size(), 1);
}

// A disk that loses the end of a file and says nothing looks like this.
void tst_DocumentSave::refusesWhatWasCutOnItsWay()
{
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    DocumentSave save(lock);
    QVERIFY(save.begin());
    QVERIFY(save.device()->write("Dear Ben") == 8);
    auto *const fresh = qobject_cast<QFileDevice *>(save.device());
    QVERIFY(fresh && fresh->flush());
    QVERIFY(::truncate(qPrintable(fresh->fileName()), 4) == 0);
    QVERIFY(!save.commit());
    QCOMPARE(save.error(), Error::NotWritten);
    QVERIFY2(save.errorString().contains(QLatin1String("4 of 8 bytes")), qPrintable(save.errorString()));
    QCOMPARE(read(m_path), "Dear Anna");
}

void tst_DocumentSave::refusesWhatTookThePlaceOfTheNewFile()
{
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    DocumentSave save(lock);
    QVERIFY(save.begin());
    QVERIFY(save.device()->write("Dear Ben") == 8);
    const QString fresh = qobject_cast<QFileDevice *>(save.device())->fileName();
    write(fresh + QStringLiteral(".other"), "Dear Bob");
    QVERIFY(::rename(qPrintable(fresh + QStringLiteral(".other")), qPrintable(fresh)) == 0);
    QVERIFY(!save.commit());
    QCOMPARE(save.error(), Error::NotWritten);
    QVERIFY2(save.errorString().contains(QLatin1String("another file")), qPrintable(save.errorString()));
    QCOMPARE(read(m_path), "Dear Anna");
}

void tst_DocumentSave::refusesADeviceThatWasClosed()
{
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    DocumentSave save(lock);
    QVERIFY(save.begin());
    save.device()->write("half");
    save.device()->close();
    QVERIFY(!save.commit());
    QCOMPARE(save.error(), Error::NotWritten);
    QVERIFY2(save.errorString().contains(QLatin1String("closed before commit()")), qPrintable(save.errorString()));
    QCOMPARE(read(m_path), "Dear Anna");
    QVERIFY(lock.release());
    QCOMPARE(names(), QStringList(QStringLiteral("letter.txt")));
}

void tst_DocumentSave::refusesWithoutTheLock()
{
    DocumentLock lock(m_path);
    DocumentSave save(lock);
    QVERIFY(!save.begin());
    QCOMPARE(save.error(), Error::NotHeld);
    QVERIFY(!save.commit());
    QVERIFY(!save.device());
}

void tst_DocumentSave::refusesWhenTheSidecarWasTaken()
{
    DocumentLock lock(m_path);
    QSignalSpy lost(&lock, &DocumentLock::lost);
    QVERIFY(lock.tryAcquire());
    DocumentSave save(lock);
    QVERIFY(save.begin());
    write(sidecarOf(m_path), "Ben,ben,desk8,24.11.2026 00:13,file:///home/ben;"); // in place, as LibreOffice does
    save.device()->write("Dear Ben");
    QVERIFY(!save.commit());
    QCOMPARE(save.error(), Error::NotHeld);
    QCOMPARE(read(m_path), "Dear Anna");
    QVERIFY(lost.size() == 1 || lost.wait());
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::OwnerChanged);
    QVERIFY(read(sidecarOf(m_path)).startsWith("Ben,"));
}

void tst_DocumentSave::refusesOverChangesOfOthers_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<Change>("change");
    QTest::newRow("in place") << QStringLiteral("in place") << Change::Written;
    QTest::newRow("in place, same length and time") << QStringLiteral("same") << Change::Written;
    QTest::newRow("in an old one, same length and time") << QStringLiteral("old") << Change::Written;
    QTest::newRow("in a big one, same length and time") << QStringLiteral("big") << Change::Written;
    QTest::newRow("by renaming") << QStringLiteral("rename") << Change::Replaced;
    QTest::newRow("removed") << QStringLiteral("remove") << Change::Removed;
    QTest::newRow("moved") << QStringLiteral("move") << Change::Moved;
    QTest::newRow("moved, after a save that changed nothing") << QStringLiteral("rewrite") << Change::Moved;
}

void tst_DocumentSave::refusesOverChangesOfOthers()
{
    QFETCH(QString, how);
    QFETCH(Change, change);
    if (how == QLatin1String("big"))
        write(m_path, QByteArray(2 << 20, 'a'));
    if (how == QLatin1String("old") || how == QLatin1String("big"))
        setModified(m_path, {.tv_sec = 1'000'000'000, .tv_nsec = 5});
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    struct stat before = {};
    QVERIFY(::stat(qPrintable(m_path), &before) == 0);
    const QString elsewhere = m_directory->filePath(QStringLiteral("elsewhere"));
    if (how == QLatin1String("in place")) {
        write(m_path, "Dear Carl!");
    } else if (how == QLatin1String("same") || how == QLatin1String("old") || how == QLatin1String("big")) {
        letTheClockTick();
        write(m_path, how == QLatin1String("big") ? QByteArray(2 << 20, 'b') : QByteArray("Dear Carl"));
        setModified(m_path, before.st_mtim);
    } else if (how == QLatin1String("rename")) {
        write(elsewhere, "Dear Carl");
        QVERIFY(::rename(qPrintable(elsewhere), qPrintable(m_path)) == 0);
    } else if (how == QLatin1String("remove")) {
        QVERIFY(QFile::remove(m_path));
    } else {
        if (how == QLatin1String("rewrite")) {
            write(elsewhere, read(m_path));
            QVERIFY(::rename(qPrintable(elsewhere), qPrintable(m_path)) == 0);
            QCOMPARE(lock.checkDocument(), Change::None);
        }
        QVERIFY(QFile::rename(m_path, elsewhere));
    }
    const QByteArray theirs = read(m_path);
    DocumentSave save(lock);
    QVERIFY(!save.begin());
    QCOMPARE(save.error(), Error::DocumentChanged);
    QCOMPARE(lock.change(), change);
    QCOMPARE(lock.movedTo(), change == Change::Moved ? elsewhere : QString());
    QCOMPARE(read(m_path), theirs);
    save.setOverwritesChanges(true);
    QVERIFY(save.begin());
    save.device()->write("Dear Ben");
    QVERIFY2(save.commit(), qPrintable(save.errorString()));
    QCOMPARE(read(m_path), "Dear Ben");
    QCOMPARE(lock.change(), Change::None);
}

// Until a file that is written now gets another time than one that was written before.
void tst_DocumentSave::letTheClockTick() const
{
    const QString probe = m_directory->filePath(QStringLiteral("probe"));
    struct stat first = {};
    struct stat now = {};
    do {
        write(probe, "tick");
        QVERIFY(::stat(qPrintable(probe), &now) == 0);
        if (first.st_ino == 0)
            first = now;
    } while (now.st_mtim.tv_sec == first.st_mtim.tv_sec && now.st_mtim.tv_nsec == first.st_mtim.tv_nsec);
    QVERIFY(QFile::remove(probe));
}

void tst_DocumentSave::ownSavesAreNoChanges()
{
    DocumentLock lock(m_path);
    QSignalSpy changed(&lock, &DocumentLock::documentChanged);
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    for (int i = 0; i < 5; ++i)
        QVERIFY(save(lock, QByteArray::number(i)));
    QVERIFY(!changed.wait(300)); // long enough for events and the moment that they are collected for
    write(m_path, "theirs");
    QVERIFY(changed.wait());
    QCOMPARE(changed.first().first().value<Change>(), Change::Written);
}

// Nothing but its times tells of a change, and to get its name is one.
void tst_DocumentSave::savesABigDocumentAgainAndAgain()
{
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    for (const char letter : {'a', 'b', 'c'}) {
        QVERIFY(save(lock, QByteArray(2 << 20, letter)));
        letTheClockTick();
        QCOMPARE(lock.checkDocument(), Change::None);
    }
}

void tst_DocumentSave::otherPermissionsAreNoChange()
{
    setModified(m_path, {.tv_sec = 1'000'000'000, .tv_nsec = 5});
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    letTheClockTick();
    QVERIFY(::chmod(qPrintable(m_path), 0600) == 0);
    QCOMPARE(lock.checkDocument(), Change::None);
    QVERIFY(save(lock, "Dear Ben"));
}

// Each adds one to a number in the document, a thousand times in all.
void tst_DocumentSave::losesNoUpdateBetweenTwoEditors()
{
    constexpr int rounds = 10; // each is heard of, so that only a hang takes too long
    constexpr int each = 50;
    write(m_path, "0");
    OtherEditor one(m_path);
    OtherEditor two(m_path);
    for (int round = 1; round <= rounds; ++round) {
        one.tell(QStringLiteral("count %1").arg(each));
        two.tell(QStringLiteral("count %1").arg(each));
        QCOMPARE(one.hear(), QStringLiteral("counted %1").arg(each));
        QCOMPARE(two.hear(), QStringLiteral("counted %1").arg(each));
        QCOMPARE(read(m_path).toInt(), 2 * each * round);
    }
}

// Its directory lets anybody give its name to another file; its permissions say that it is not to be changed.
void tst_DocumentSave::refusesAWriteProtectedDocument()
{
    const QTemporaryDir folder;
    QVERIFY(::chmod(qPrintable(folder.path()), 0777) == 0);
    const QString path = folder.filePath(QStringLiteral("letter.txt"));
    write(path, "Dear Anna");
    QVERIFY(::chmod(qPrintable(path), 0444) == 0);
    QVERIFY(Testing::asNobody([&] {
        DocumentLock lock(path);
        if (!lock.tryAcquire() || !lock.documentLoaded())
            return false;
        DocumentSave save(lock);
        return !save.begin() && save.error() == Error::NotReplaced
               && save.errorString().contains(QStringLiteral("write-protected"));
    }));
    QCOMPARE(read(path), QByteArray("Dear Anna"));
}

void tst_DocumentSave::refusesWhatIsNoFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("pipe"));
    QVERIFY(::mkfifo(qPrintable(path), 0666) == 0);
    DocumentLock lock(path);
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
    DocumentSave save(lock);
    QVERIFY(!save.begin());
    QCOMPARE(save.error(), Error::NotReplaced);
    QVERIFY2(save.errorString().contains(QStringLiteral("a pipe")), qPrintable(save.errorString()));
    struct stat facts;
    QVERIFY(::lstat(qPrintable(path), &facts) == 0 && S_ISFIFO(facts.st_mode));
}

// The second time into a page that is waiting for the disk already: no time of the file tells.
void tst_DocumentSave::refusesOverWhatWasWrittenThroughAMapping()
{
    constexpr std::size_t size = 9;
    const int file = ::open(qPrintable(m_path), O_RDWR | O_CLOEXEC);
    QVERIFY(file >= 0);
    void *bytes = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    QVERIFY(bytes != MAP_FAILED);
    std::memcpy(bytes, "Dear Bert", size);
    QTest::qWait(2500); // until the times are so old that they are believed: that they pass is what is tested
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire() && lock.documentLoaded());
    QTest::qWait(300); // the look that follows each loading is over
    std::memcpy(bytes, "Dear Carl", size);
    DocumentSave save(lock);
    QVERIFY(!save.begin());
    QCOMPARE(save.error(), Error::DocumentChanged);
    ::munmap(bytes, size);
    QCOMPARE(read(m_path), QByteArray("Dear Carl"));
}

QTEST_GUILESS_MAIN(tst_DocumentSave)
#include "tst_documentsave.moc"
