// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The files of a soft read/write lock: what is made, what is respected, what is removed, and what never is.

#include "readwriteplace.h"

#include "os/process.h"

#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

#include <sys/sysmacros.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(Holdfast::LockMode)

class tst_SoftReadWrite : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesWhatTheProtocolSays();
    void modesDoNotDependOnTheUmask();
    void leavesNothingBehindButTheDirectoryAndTheGuard();
    void oldAndMalformedIsRemoved_data();
    void oldAndMalformedIsRemoved();
    void youngAndMalformedIsInTheWay();
    void whatWasNeverFilledIsRemovedSoon_data();
    void whatWasNeverFilledIsRemovedSoon();
    void ageDecidesAboutOtherMachines_data();
    void ageDecidesAboutOtherMachines();
    void whatIsNoFileIsNeverTheWritersMarker_data();
    void whatIsNoFileIsNeverTheWritersMarker();
    void theDirectoryOfTheReadersIsARealOne_data();
    void theDirectoryOfTheReadersIsARealOne();
    void housekeepingIsNoReader();
    void whatIsNoFileIsNoReader();
    void theDirectoryOfTheReadersMayBeMadeAgain();
    void aStuckMutexIsBusy_data();
    void aStuckMutexIsBusy();
    void aMutexFromElsewhereIsReclaimedWhenItIsStale();
};

void tst_SoftReadWrite::makesWhatTheProtocolSays()
{
    const ReadWriteFiles files;
    const auto reader = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(files.all(),
             QStringList({QStringLiteral("some.readers"), QStringLiteral("some.rw")})); // the mutex has gone
    QCOMPARE(files.readerNames().size(), 1);
    const QString name = files.readerNames().first();
    QCOMPARE(name, reader->token() + u'.' + QString::number(getpid()));
    const QByteArray rest =
        '\n' + QByteArray::number(getpid()) + '\n' + QByteArray::fromStdString(os::hostName()) + '\n';
    QCOMPARE(read(files.reader(name)), reader->token().toLatin1() + rest);
    QVERIFY(!reader->release());
    const auto writer = files.backend();
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(files.all(),
             QStringList({QStringLiteral("some.readers"), QStringLiteral("some.rw"), QStringLiteral("some.write")}));
    QCOMPARE(read(files.writer()), writer->token().toLatin1() + rest);
    QVERIFY(QRegularExpression(QStringLiteral("^[0-9a-f]{32}$")).match(writer->token()).hasMatch());
}

void tst_SoftReadWrite::modesDoNotDependOnTheUmask()
{
    const ReadWriteFiles files;
    const mode_t before = ::umask(0);
    const auto reader = files.backend();
    const auto writer = files.backend();
    const bool reads = reader->attempt(LockMode::Shared).answer == Attempt::Acquired;
    const bool waits = writer->attempt(LockMode::Exclusive).answer == Attempt::Busy;
    ::umask(before);
    QVERIFY(reads && waits);
    QCOMPARE(statOf(files.writer()).st_mode & 07777, 0600u);
    QCOMPARE(statOf(files.readers()).st_mode & 07777, 0700u);
    QCOMPARE(statOf(files.reader(files.readerNames().first())).st_mode & 07777, 0600u);
}

void tst_SoftReadWrite::leavesNothingBehindButTheDirectoryAndTheGuard()
{
    const ReadWriteFiles files;
    {
        const auto reader = files.backend();
        const auto writer = files.backend();
        QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
        QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
        QVERIFY(QFile::exists(files.writer()));
    }
    QCOMPARE(files.all(), QStringList({QStringLiteral("some.readers"), QStringLiteral("some.rw")}));
    QVERIFY(files.readerNames().isEmpty());
    QCOMPARE(timesOpen(files.path()), 0);
}

void tst_SoftReadWrite::oldAndMalformedIsRemoved_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a pid that is none") << OtherToken + "\npid\nhost\n";
    QTest::newRow("pid 0") << OtherToken + "\n0\nhost\n";
    QTest::newRow("a pid with a zero in front") << OtherToken + "\n017\nhost\n";
    QTest::newRow("a pid too large") << OtherToken + "\n2147483648\nhost\n";
    QTest::newRow("a short token") << OtherToken.left(31) + "\n1\nhost\n";
    QTest::newRow("a token of other letters") << QByteArray(32, 'g') + "\n1\nhost\n";
    QTest::newRow("a capital token") << OtherToken.toUpper() + "\n1\nhost\n";
    QTest::newRow("a host with a blank") << OtherToken + "\n1\nho st\n";
    QTest::newRow("one line") << OtherToken + "\n";
    QTest::newRow("four lines") << OtherToken + "\n1\nhost\nmore\n";
    QTest::newRow("too much") << OtherToken + "\n1\nhost\n" + QByteArray(1024, '\n');
    QTest::newRow("no ASCII") << OtherToken + "\n1\nh\xc3\xb6st\n";
}

void tst_SoftReadWrite::oldAndMalformedIsRemoved()
{
    QFETCH(QByteArray, bytes);
    const ReadWriteFiles files;
    files.makeReaders();
    write(files.writer(), bytes);
    write(files.reader(QStringLiteral("somebody.1")), bytes);
    age(files.writer(), files.Threshold + 2s);
    age(files.reader(QStringLiteral("somebody.1")), files.Threshold + 2s);
    const auto writer = files.backend();
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QVERIFY(files.readerNames().isEmpty());
    QCOMPARE(read(files.writer()).left(32), writer->token().toLatin1());
}

void tst_SoftReadWrite::youngAndMalformedIsInTheWay()
{
    const ReadWriteFiles files;
    write(files.writer(), "not yet");
    QCOMPARE(files.backend()->attempt(LockMode::Shared).answer, Attempt::Busy);
    QCOMPARE(files.backend()->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(read(files.writer()), QByteArray("not yet"));
}

void tst_SoftReadWrite::whatWasNeverFilledIsRemovedSoon_data()
{
    QTest::addColumn<bool>("isReader");
    QTest::addColumn<LockMode>("mode");
    QTest::addColumn<QByteArray>("bytes");
    for (const auto &[name, bytes] : {std::pair("nothing", QByteArray()), {"zeros", QByteArray(41, '\0')}}) {
        QTest::addRow("%s as the writer, for a reader", name) << false << LockMode::Shared << bytes;
        QTest::addRow("%s as the writer, for a writer", name) << false << LockMode::Exclusive << bytes;
        QTest::addRow("%s as a reader, for a writer", name) << true << LockMode::Exclusive << bytes;
    }
}

// Its maker died between making and filling it, with the mutex.
void tst_SoftReadWrite::whatWasNeverFilledIsRemovedSoon()
{
    QFETCH(bool, isReader);
    QFETCH(LockMode, mode);
    QFETCH(QByteArray, bytes);
    const ReadWriteFiles files;
    files.makeReaders();
    const QString marker =
        isReader ? files.reader(QString::fromLatin1(OtherToken) + QStringLiteral(".1")) : files.writer();
    write(marker, bytes);
    const auto backend = files.backend();
    const Attempt early = backend->attempt(mode);
    QCOMPARE(early.answer, Attempt::Busy);
    QVERIFY(early.retryIn > 0ms && early.retryIn < 1s); // so nobody waits for long when it is old
    QVERIFY(QFile::exists(marker));
    age(marker, 3s);
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
}

void tst_SoftReadWrite::ageDecidesAboutOtherMachines_data()
{
    QTest::addColumn<LockMode>("mode");
    QTest::addColumn<bool>("writes");
    QTest::newRow("a writer keeps a reader out") << LockMode::Shared << true;
    QTest::newRow("a writer keeps a writer out") << LockMode::Exclusive << true;
    QTest::newRow("a reader keeps a writer out") << LockMode::Exclusive << false;
}

void tst_SoftReadWrite::ageDecidesAboutOtherMachines()
{
    QFETCH(LockMode, mode);
    QFETCH(bool, writes);
    const ReadWriteFiles files;
    files.makeReaders();
    const QString marker = writes ? files.writer() : files.reader(QString::fromLatin1(OtherToken + ".4711"));
    write(marker, foreignMarker());
    const auto backend = files.backend();
    const Attempt answer = backend->attempt(mode);
    QCOMPARE(answer.answer, Attempt::Busy);
    QVERIFY(answer.retryIn > 0ms && answer.retryIn <= files.Threshold / 4); // to grow old is no event
    age(marker, files.Threshold - 3s);
    QCOMPARE(backend->attempt(mode).answer, Attempt::Busy);
    QVERIFY(QFile::exists(marker));
    age(marker, files.Threshold + 2s);
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
    QVERIFY(writes || !QFile::exists(marker));
}

void tst_SoftReadWrite::whatIsNoFileIsNeverTheWritersMarker_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : {"link", "dangling link", "directory", "pipe", "device"})
        QTest::newRow(what) << QString::fromLatin1(what);
}

void tst_SoftReadWrite::whatIsNoFileIsNeverTheWritersMarker()
{
    QFETCH(QString, what);
    const ReadWriteFiles files;
    const QByteArray path = QFile::encodeName(files.writer());
    write(files.file(QStringLiteral("target")), "dear");
    age(files.file(QStringLiteral("target")), 1h);
    if (what == QLatin1String("link"))
        QVERIFY(QFile::link(files.file(QStringLiteral("target")), files.writer()));
    else if (what == QLatin1String("dangling link"))
        QVERIFY(QFile::link(files.file(QStringLiteral("nothing")), files.writer()));
    else if (what == QLatin1String("directory"))
        QCOMPARE(::mkdir(path.constData(), 0700), 0);
    else if (what == QLatin1String("pipe"))
        QCOMPARE(::mkfifo(path.constData(), 0600), 0);
    else if (::mknod(path.constData(), S_IFCHR | 0600, makedev(1, 3)) != 0)
        QCOMPARE(::mknod(path.constData(), S_IFSOCK | 0600, 0), 0); // for which one need not be root
    age(files.writer(), 1h);
    for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive}) {
        const auto backend = files.backend();
        const Attempt answer = backend->attempt(mode);
        QCOMPARE(answer.answer, Attempt::Failed);
        QCOMPARE(answer.failure.error, LockError::NotAFile);
        QVERIFY2(answer.failure.text.contains(files.writer()), qPrintable(answer.failure.text));
        QVERIFY2(answer.failure.text.contains(QLatin1String("(lstat: it is not a regular file)")),
                 qPrintable(answer.failure.text));
    }
    QVERIFY(!S_ISREG(statOf(files.writer()).st_mode));
    QCOMPARE(read(files.file(QStringLiteral("target"))), QByteArray("dear"));
    QVERIFY(isOlderThan(files.file(QStringLiteral("target")), 3000s));
    QVERIFY(!QFile::exists(files.state()));
}

void tst_SoftReadWrite::theDirectoryOfTheReadersIsARealOne_data()
{
    QTest::addColumn<bool>("isLink");
    QTest::newRow("a link to a directory") << true;
    QTest::newRow("a file") << false;
}

void tst_SoftReadWrite::theDirectoryOfTheReadersIsARealOne()
{
    QFETCH(bool, isLink);
    const ReadWriteFiles files;
    const QString target = files.file(QStringLiteral("target"));
    QVERIFY(QDir().mkdir(target));
    if (isLink)
        QVERIFY(QFile::link(target, files.readers()));
    else
        write(files.readers(), "dear");
    for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive}) {
        const auto backend = files.backend();
        const Attempt answer = backend->attempt(mode);
        QCOMPARE(answer.answer, Attempt::Failed);
        QCOMPARE(answer.failure.error, LockError::NotAFile);
        QVERIFY2(answer.failure.text.contains(files.readers()), qPrintable(answer.failure.text));
        QVERIFY(!QFile::exists(files.writer())); // whoever fails announces nothing any more
        QVERIFY(!QFile::exists(files.state()));
    }
    QVERIFY(QDir(target).isEmpty());
    QVERIFY(isLink || read(files.readers()) == "dear");
}

void tst_SoftReadWrite::housekeepingIsNoReader()
{
    const ReadWriteFiles files;
    files.makeReaders();
    const QStringList names{QStringLiteral(".hidden"), QStringLiteral("x.1.break.2.3")};
    for (const QString &name : names) {
        write(files.reader(name), foreignMarker());
        age(files.reader(name), 1h);
    }
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(files.readerNames(), names); // and nobody's business
}

void tst_SoftReadWrite::whatIsNoFileIsNoReader()
{
    const ReadWriteFiles files;
    files.makeReaders();
    QVERIFY(QDir().mkdir(files.reader(QStringLiteral("directory"))));
    QVERIFY(QFile::link(files.writer(), files.reader(QStringLiteral("link"))));
    age(files.reader(QStringLiteral("directory")), 1h);
    const auto backend = files.backend();
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("some.readers/.*ignored|ignored.*some.readers/")));
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QVERIFY(!backend->release());
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); // once is enough
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(files.readerNames().size(), 2);
}

void tst_SoftReadWrite::theDirectoryOfTheReadersMayBeMadeAgain()
{
    const ReadWriteFiles files;
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QVERIFY(!backend->release());
    QVERIFY(QDir(files.readers()).removeRecursively());
    QCOMPARE(backend->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(files.readerNames().size(), 1);
    QCOMPARE(backend->inspect(), LossReason::None);
    // Moved away, our marker lies where no writer looks.
    QVERIFY(QDir().rename(files.readers(), files.file(QStringLiteral("away"))));
    QCOMPARE(backend->inspect(), LossReason::MarkerMissing);
    files.makeReaders();
    QCOMPARE(backend->inspect(), LossReason::MarkerMissing);
    QCOMPARE(backend->renew().answer, Renewal::Lost);
}

void tst_SoftReadWrite::aStuckMutexIsBusy_data()
{
    QTest::addColumn<LockMode>("mode");
    QTest::newRow("reading") << LockMode::Shared;
    QTest::newRow("writing") << LockMode::Exclusive;
}

void tst_SoftReadWrite::aStuckMutexIsBusy()
{
    QFETCH(LockMode, mode);
    const ReadWriteFiles files;
    write(files.state(), "4711\nelsewhere\n");
    const auto backend = files.backend();
    for (int i = 0; i < 100; ++i) { // soon again at first, then with less hurry
        const Attempt answer = backend->attempt(mode);
        QCOMPARE(answer.answer, Attempt::Busy);
        QVERIFY(answer.retryIn >= 1ms && answer.retryIn <= (i < 64 ? 3ms : 50ms));
    }
    QCOMPARE(read(files.state()), QByteArray("4711\nelsewhere\n"));
    QVERIFY(!QFile::exists(files.writer()));
    QVERIFY(QFile::remove(files.state()));
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
}

void tst_SoftReadWrite::aMutexFromElsewhereIsReclaimedWhenItIsStale()
{
    const ReadWriteFiles files;
    write(files.state(), "4711\nelsewhere\n");
    age(files.state(), files.Threshold + 2s);
    QCOMPARE(files.backend()->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QVERIFY(!QFile::exists(files.state()));
}

QTEST_GUILESS_MAIN(tst_SoftReadWrite)
#include "tst_softreadwrite.moc"
