// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "strictfiles.h"

#include <QtTest/qtest.h>

#include <atomic>
#include <condition_variable>
#include <cstring>
#include <random>
#include <semaphore>
#include <thread>

using namespace Holdfast;
using namespace Holdfast::Testing;

/** Two contenders, stepped by hand and by chance. Labels as in the specification. */
class tst_StrictOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theHigherOneThatHoldsStays();
    void theLowerOneThatCameInTimeWins();
    void aRivalAtAnyMomentNeverHoldsToo();
    void neverBothInAnyOrder();
};

namespace {

/** The first byte of what is random for this thread, so that tokens come in a known order. */
thread_local int s_first = 0x80;

ssize_t orderedRandom(void *bytes, std::size_t size, unsigned)
{
    static std::atomic<unsigned> s_counter{0};
    const unsigned unique = ++s_counter;
    std::memset(bytes, s_first, size);
    if (size >= 16)
        std::memcpy(static_cast<char *>(bytes) + 8, &unique, sizeof unique);
    return static_cast<ssize_t>(size);
}

constexpr int Low = 0x00;
constexpr int High = 0xff;

Attempt::Answer attemptWith(int first, StrictBackend &backend)
{
    const int before = std::exchange(s_first, first);
    const Attempt attempt = backend.attempt(LockMode::Exclusive);
    s_first = before;
    return attempt.answer;
}

} // namespace

void tst_StrictOrder::theHigherOneThatHoldsStays() // N9
{
    const StrictFiles files;
    files.use();
    const auto low = files.backend();
    const auto high = files.backend();
    Faults faults;
    os::systemCalls().getrandom = orderedRandom;
    faults.before(Call::Linkat, 1, [&] { QCOMPARE(attemptWith(High, *high), Attempt::Acquired); });
    QCOMPARE(attemptWith(Low, *low), Attempt::Busy); // its intent comes too late
    QCOMPARE(files.names().size(), 2);
    QVERIFY(!high->release());
    QCOMPARE(attemptWith(Low, *low), Attempt::Acquired);
}

void tst_StrictOrder::theLowerOneThatCameInTimeWins() // N9
{
    const StrictFiles files;
    files.use();
    const auto low = files.backend();
    const auto high = files.backend();
    Faults faults;
    os::systemCalls().getrandom = orderedRandom;
    std::binary_semaphore ready(0);
    std::binary_semaphore go(0);
    std::binary_semaphore published(0);
    std::binary_semaphore highDone(0);
    faults.before(Call::Linkat, 1, [&] { // the lower one has seen nobody, and publishes its intent only when told to
        ready.release();
        go.acquire();
    });
    faults.after(Call::Linkat, 1, [&] {
        published.release();
        highDone.acquire();
    });
    faults.after(Call::Linkat, 3, [&] { // the higher one has just linked its held claim
        go.release();
        published.acquire();
    });
    Attempt::Answer lowAnswer = Attempt::Failed;
    std::thread thread([&] { lowAnswer = attemptWith(Low, *low); });
    ready.acquire();
    const Attempt::Answer highAnswer = attemptWith(High, *high);
    highDone.release();
    thread.join();
    QCOMPARE(highAnswer, Attempt::Busy);
    QCOMPARE(lowAnswer, Attempt::Acquired);
    QCOMPARE(files.names().size(), 2);
    QVERIFY(!low->release());
    QCOMPARE(attemptWith(High, *high), Attempt::Acquired);
}

// A whole attempt of a rival, before and after each system call of ours.
void tst_StrictOrder::aRivalAtAnyMomentNeverHoldsToo()
{
    int rivalsGot = 0;
    int weGot = 0;
    for (const Call call : {Call::Openat, Call::Fstatat, Call::Readdir, Call::Linkat, Call::Unlinkat, Call::Write}) {
        for (const int ours : {Low, High}) {
            for (int number = 1; number <= 60; ++number) {
                const StrictFiles files;
                if (number % 2)
                    files.use();
                const auto we = files.backend();
                const auto rival = files.backend();
                Faults faults;
                os::systemCalls().getrandom = orderedRandom;
                Attempt::Answer theirs = Attempt::Failed;
                const auto act = [&] { theirs = attemptWith(Low + High - ours, *rival); };
                number % 3 ? faults.before(call, number, act) : faults.after(call, number, act);
                const Attempt::Answer mine = attemptWith(ours, *we);
                const QString where = QStringLiteral("call %1 number %2").arg(int(call)).arg(number);
                QVERIFY2(mine != Attempt::Acquired || theirs != Attempt::Acquired, qPrintable(where));
                rivalsGot += theirs == Attempt::Acquired ? 1 : 0;
                weGot += mine == Attempt::Acquired ? 1 : 0;
                QCOMPARE(files.names().size(), mine == Attempt::Acquired || theirs == Attempt::Acquired ? 2 : 0);
            }
        }
    }
    QVERIFY(rivalsGot > 20);
    QVERIFY(weGot > 20);
}

namespace {

/** Lets one of two threads run at a time; each system call is a chance for the other. */
class Turns
{
public:
    explicit Turns(unsigned seed) : m_random(seed) { }

    void step(int me)
    {
        std::unique_lock lock(m_mutex);
        m_turn = m_random() % 2 ? 1 - me : me;
        m_changed.notify_all();
        m_changed.wait(lock, [&] { return m_turn == me || m_finished[1 - me]; });
    }

    void finish(int me)
    {
        const std::scoped_lock lock(m_mutex);
        m_finished[me] = true;
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::mt19937 m_random;
    int m_turn = 0;
    bool m_finished[2] = {false, false};
};

Turns *s_turns = nullptr;
os::SystemCalls s_real;
thread_local int s_me = -1;

void step()
{
    if (s_turns && s_me >= 0)
        s_turns->step(s_me);
}

} // namespace

void tst_StrictOrder::neverBothInAnyOrder()
{
    const StrictFiles files;
    files.use();
    s_real = os::systemCalls();
    os::systemCalls().openat = [](int directory, const char *name, int flags, mode_t mode) {
        step();
        return s_real.openat(directory, name, flags, mode);
    };
    os::systemCalls().readdir = [](DIR *stream) {
        step();
        return s_real.readdir(stream);
    };
    os::systemCalls().linkat = [](int directory, const char *from, int to, const char *name, int flags) {
        step();
        return s_real.linkat(directory, from, to, name, flags);
    };
    os::systemCalls().unlinkat = [](int directory, const char *name, int flags) {
        step();
        return s_real.unlinkat(directory, name, flags);
    };
    os::systemCalls().fstatat = [](int directory, const char *name, struct stat *facts, int flags) {
        step();
        return s_real.fstatat(directory, name, facts, flags);
    };
    int single = 0;
    int nobody = 0;
    int both = 0;
    for (unsigned seed = 1; seed <= 600; ++seed) {
        Turns turns(seed);
        s_turns = &turns;
        std::unique_ptr<StrictBackend> backends[2] = {files.backend(), files.backend()};
        Attempt::Answer answers[2] = {Attempt::Failed, Attempt::Failed};
        std::thread threads[2];
        for (int me = 0; me < 2; ++me) {
            threads[me] = std::thread([&, me] {
                s_me = me;
                answers[me] = backends[me]->attempt(LockMode::Exclusive).answer;
                turns.finish(me);
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        s_turns = nullptr;
        const int got = int(answers[0] == Attempt::Acquired) + int(answers[1] == Attempt::Acquired);
        both += got == 2 ? 1 : 0;
        single += got == 1 ? 1 : 0;
        nobody += got == 0 ? 1 : 0;
        if (answers[0] == Attempt::Failed || answers[1] == Attempt::Failed || files.names().size() != 2 * got)
            break;
    }
    os::systemCalls() = s_real;
    QCOMPARE(both, 0);
    QCOMPARE(single + nobody, 600);
    QVERIFY(single > 300);
    qInfo("%d times one of them, %d times none", single, nobody);
}

QTEST_GUILESS_MAIN(tst_StrictOrder)
#include "tst_strictorder.moc"
