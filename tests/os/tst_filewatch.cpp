// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "files.h"
#include "os/filewatch.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <cstdio>

using namespace Holdfast::os;
using namespace Holdfast::Testing;

class tst_FileWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void opensNothingBeforeTheFirstFile();
    void tellsOfEveryClose_data();
    void tellsOfEveryClose();
    void tellsWhenTheFileGoes_data();
    void tellsWhenTheFileGoes();
    void tellsWhatIsWrittenToWhoeverAsks();
    void watchesTheOpenFileAndNotItsName();
    void givesOneNumberPerFile();
    void isSilentAfterRemoval();
    void tellsThatEventsWereDropped();
    void startsAnewAfterBeingAbandoned();
    void reportsADescriptorThatIsNotOpen();

private:
    static bool has(const std::vector<FileEvent> &events, int watch, FileEvent::Kind kind)
    {
        return std::any_of(events.begin(), events.end(),
                           [=](const FileEvent &event) { return event.watch == watch && event.kind == kind; });
    }
    int open(int flags = O_RDWR | O_CREAT) const
    {
        return ::open(QFile::encodeName(m_path).constData(), flags | O_CLOEXEC, 0666);
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_FileWatch::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file"));
}

void tst_FileWatch::opensNothingBeforeTheFirstFile()
{
    const auto before = openFiles().size();
    FileWatch watch;
    QVERIFY(watch.descriptor() < 0);
    QCOMPARE(openFiles().size(), before);
    QVERIFY(watch.takeEvents().empty());
}

void tst_FileWatch::tellsOfEveryClose_data()
{
    QTest::addColumn<int>("flags");
    QTest::newRow("of a file that was opened for writing") << O_RDWR;
    QTest::newRow("of one that was opened for reading, as flock(1) does") << O_RDONLY;
}

void tst_FileWatch::tellsOfEveryClose()
{
    QFETCH(int, flags);
    const int own = open();
    FileWatch watch;
    Result<int> number = watch.add(own);
    QVERIFY(number);
    const int other = open(flags);
    QVERIFY(!has(watch.takeEvents(), *number, FileEvent::Closed));
    ::close(other);
    QVERIFY(has(watch.takeEvents(), *number, FileEvent::Closed));
    QVERIFY(watch.takeEvents().empty());
    ::close(own);
}

void tst_FileWatch::tellsWhenTheFileGoes_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("removed") << QStringLiteral("remove");
    QTest::newRow("renamed") << QStringLiteral("rename");
    QTest::newRow("replaced by another") << QStringLiteral("replace");
}

void tst_FileWatch::tellsWhenTheFileGoes()
{
    QFETCH(QString, how);
    const int own = open();
    FileWatch watch;
    Result<int> number = watch.add(own);
    QVERIFY(number);
    const QString other = m_path + QStringLiteral(".other");
    if (how == QLatin1String("remove")) {
        QVERIFY(QFile::remove(m_path));
    } else if (how == QLatin1String("rename")) {
        QVERIFY(QFile::rename(m_path, other));
    } else {
        write(other, {});
        QCOMPARE(std::rename(QFile::encodeName(other).constData(), QFile::encodeName(m_path).constData()), 0);
    }
    QVERIFY(has(watch.takeEvents(), *number, FileEvent::Changed));
    ::close(own);
}

void tst_FileWatch::tellsWhatIsWrittenToWhoeverAsks()
{
    const int own = open();
    FileWatch watch;
    Result<int> number = watch.add(own, FileWatch::Replacement);
    QVERIFY(number);
    QCOMPARE(::write(own, "a", 1), 1);
    QVERIFY(watch.takeEvents().empty());
    Result<int> again = watch.add(own, FileWatch::Contents);
    QVERIFY(again && *again == *number);
    QVERIFY(watch.add(own, FileWatch::Replacement)); // takes nothing away from the other
    QCOMPARE(::write(own, "b", 1), 1);               // and it is still open
    QVERIFY(has(watch.takeEvents(), *number, FileEvent::Changed));
    QCOMPARE(::ftruncate(own, 0), 0);
    QVERIFY(has(watch.takeEvents(), *number, FileEvent::Changed));
    ::close(own);
}

void tst_FileWatch::watchesTheOpenFileAndNotItsName()
{
    const int own = open();
    QVERIFY(QFile::remove(m_path));
    const int successor = open(); // another file of the same name
    FileWatch watch;
    Result<int> number = watch.add(own);
    QVERIFY(number);
    ::close(successor);
    QVERIFY(watch.takeEvents().empty());
    ::close(own);
    QVERIFY(has(watch.takeEvents(), *number, FileEvent::Closed));
}

void tst_FileWatch::givesOneNumberPerFile()
{
    const int first = open();
    const int second = open();
    FileWatch watch;
    Result<int> one = watch.add(first);
    Result<int> two = watch.add(second);
    QVERIFY(one && two);
    QCOMPARE(*one, *two);
    ::close(first);
    ::close(second);
}

void tst_FileWatch::isSilentAfterRemoval()
{
    const int own = open();
    FileWatch watch;
    Result<int> number = watch.add(own);
    QVERIFY(number);
    watch.remove(*number);
    ::close(open());
    QVERIFY(watch.takeEvents().empty());
    ::close(own);
    watch.remove(*number); // twice is no harm
}

void tst_FileWatch::tellsThatEventsWereDropped()
{
    QFile limit(QStringLiteral("/proc/sys/fs/inotify/max_queued_events"));
    QVERIFY(limit.open(QIODevice::ReadOnly));
    const int most = limit.readAll().trimmed().toInt();
    if (most > 100'000)
        QSKIP("SKIPPED: this system queues so many events that filling the queue would take too long");
    const QString other = m_path + QStringLiteral(".other");
    const int own = open();
    const int second = ::open(QFile::encodeName(other).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    FileWatch watch;
    QVERIFY(watch.add(own));
    QVERIFY(watch.add(second));
    // Equal events in a row are merged, so two files take turns.
    for (int i = 0; i <= most / 2; ++i) {
        ::close(open());
        ::close(::open(QFile::encodeName(other).constData(), O_RDWR | O_CLOEXEC));
    }
    const std::vector<FileEvent> events = watch.takeEvents();
    QVERIFY(std::any_of(events.begin(), events.end(),
                        [](const FileEvent &event) { return event.kind == FileEvent::Overflow; }));
    ::close(own);
    ::close(second);
}

void tst_FileWatch::startsAnewAfterBeingAbandoned()
{
    const int own = open();
    FileWatch watch;
    QVERIFY(watch.add(own));
    watch.abandon();
    QVERIFY(watch.descriptor() < 0);
    QVERIFY(watch.takeEvents().empty());
    Result<int> number = watch.add(own);
    QVERIFY(number);
    ::close(own);
    QVERIFY(has(watch.takeEvents(), *number, FileEvent::Closed));
}

void tst_FileWatch::reportsADescriptorThatIsNotOpen()
{
    FileWatch watch;
    Result<int> number = watch.add(9999);
    QVERIFY(!number);
    QCOMPARE(number.error().operation, "inotify_add_watch");
}

QTEST_GUILESS_MAIN(tst_FileWatch)
#include "tst_filewatch.moc"
