// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/files.h"
#include "engine/wakehub.h"
#include "patience.h"

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

namespace {

class Sleeper final : public Wakeable
{
public:
    void wake() override { ++wakes; }
    void cancel() override { }
    int wakes = 0;
};

} // namespace

class tst_WakeHub : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void wakesEverybodyOnAFile();
    void wakesNobodyOnAnotherFile();
    void wakesNoLongerAfterTheEnd();
    void keepsTheOthersWhenOneEnds();
    void survivesASleeperThatIsGone();
    void movesASubscription();
    void isInactiveWithoutAFile();
    void wakesEverybodyWhenEventsWereDropped();
    void wakesOnReplacement();

private:
    int open(const QString &path) const
    {
        return ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    }
    void touch(const QString &path) const { ::close(open(path)); }

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
    QString m_other;
    int m_file = -1;
    int m_otherFile = -1;
};

void tst_WakeHub::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file"));
    m_other = m_directory->filePath(QStringLiteral("other"));
    m_file = open(m_path);
    m_otherFile = open(m_other);
    WakeHub::instance().drain();
}

void tst_WakeHub::cleanup()
{
    ::close(m_file);
    ::close(m_otherFile);
}

void tst_WakeHub::wakesEverybodyOnAFile()
{
    const auto one = std::make_shared<Sleeper>();
    const auto two = std::make_shared<Sleeper>();
    const int again = open(m_path); // each waiter has a descriptor of its own
    const auto first = WakeHub::instance().subscribe(m_file, one);
    const auto second = WakeHub::instance().subscribe(again, two);
    QVERIFY(first.isActive() && second.isActive());
    QVERIFY(WakeHub::instance().descriptor() >= 0);
    WakeHub::instance().drain();
    QCOMPARE(one->wakes + two->wakes, 0); // to begin to listen is no event
    touch(m_path);
    WakeHub::instance().drain();
    QCOMPARE(one->wakes, 1);
    QCOMPARE(two->wakes, 1);
    ::close(again);
}

void tst_WakeHub::wakesNobodyOnAnotherFile()
{
    const auto one = std::make_shared<Sleeper>();
    const auto two = std::make_shared<Sleeper>();
    const auto first = WakeHub::instance().subscribe(m_file, one);
    const auto second = WakeHub::instance().subscribe(m_otherFile, two);
    touch(m_other);
    WakeHub::instance().drain();
    QCOMPARE(one->wakes, 0);
    QCOMPARE(two->wakes, 1);
}

void tst_WakeHub::wakesNoLongerAfterTheEnd()
{
    const auto one = std::make_shared<Sleeper>();
    auto first = WakeHub::instance().subscribe(m_file, one);
    first.reset();
    QVERIFY(!first.isActive());
    touch(m_path);
    WakeHub::instance().drain();
    QCOMPARE(one->wakes, 0);
    first.reset(); // twice is no harm
    {
        const auto second = WakeHub::instance().subscribe(m_file, one);
        touch(m_path); // in the queue when its listener goes
    }
    WakeHub::instance().drain();
    QCOMPARE(one->wakes, 0);
}

void tst_WakeHub::keepsTheOthersWhenOneEnds()
{
    const auto one = std::make_shared<Sleeper>();
    const auto two = std::make_shared<Sleeper>();
    auto first = WakeHub::instance().subscribe(m_file, one);
    const auto second = WakeHub::instance().subscribe(m_file, two);
    first.reset();
    touch(m_path);
    WakeHub::instance().drain();
    QCOMPARE(one->wakes, 0);
    QCOMPARE(two->wakes, 1);
}

void tst_WakeHub::survivesASleeperThatIsGone()
{
    auto one = std::make_shared<Sleeper>();
    const auto two = std::make_shared<Sleeper>();
    const auto first = WakeHub::instance().subscribe(m_file, one);
    const auto second = WakeHub::instance().subscribe(m_file, two);
    one.reset();
    touch(m_path);
    WakeHub::instance().drain();
    QCOMPARE(two->wakes, 1);
}

void tst_WakeHub::movesASubscription()
{
    const auto one = std::make_shared<Sleeper>();
    WakeHub::Subscription kept;
    {
        auto first = WakeHub::instance().subscribe(m_file, one);
        kept = std::move(first);
    }
    touch(m_path);
    WakeHub::instance().drain();
    QCOMPARE(one->wakes, 1);
    kept = WakeHub::instance().subscribe(m_otherFile, one); // and the one before has ended
    touch(m_path);
    WakeHub::instance().drain();
    QCOMPARE(one->wakes, 1);
    touch(m_other);
    WakeHub::instance().drain();
    QCOMPARE(one->wakes, 2);
}

void tst_WakeHub::isInactiveWithoutAFile()
{
    const auto one = std::make_shared<Sleeper>();
    QVERIFY(!WakeHub::instance().subscribe(-1, one).isActive());
    QVERIFY(!WakeHub::instance().subscribe(9999, one).isActive());
}

void tst_WakeHub::wakesEverybodyWhenEventsWereDropped()
{
    const int most = read(QStringLiteral("/proc/sys/fs/inotify/max_queued_events")).trimmed().toInt();
    if (most <= 0 || most > 100'000)
        QSKIP("SKIPPED: filling the queue of events would take too long on this system");
    const QString quiet = m_directory->filePath(QStringLiteral("quiet"));
    const int quietFile = open(quiet);
    const auto sleeper = std::make_shared<Sleeper>();
    const auto noise = std::make_shared<Sleeper>();
    const auto first = WakeHub::instance().subscribe(quietFile, sleeper);
    const auto second = WakeHub::instance().subscribe(m_file, noise);
    const auto third = WakeHub::instance().subscribe(m_otherFile, noise);
    for (int i = 0; i <= most / 2; ++i) { // equal events in a row are merged, so two files take turns
        touch(m_path);
        touch(m_other);
    }
    touch(quiet); // dropped
    WakeHub::instance().drain();
    QCOMPARE(sleeper->wakes, 1);
    ::close(quietFile);
}

void tst_WakeHub::wakesOnReplacement()
{
    const auto one = std::make_shared<Sleeper>();
    const auto first = WakeHub::instance().subscribe(m_file, one);
    QVERIFY(QFile::remove(m_path));
    WakeHub::instance().drain();
    QVERIFY(one->wakes > 0);
}

QTEST_GUILESS_MAIN(tst_WakeHub)
#include "tst_wakehub.moc"
