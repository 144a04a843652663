// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "worker.h"

#include "stats.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qsocketnotifier.h>

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <malloc.h>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace Bench {

namespace {

using namespace std::chrono_literals;

void increment(int descriptor)
{
    std::int64_t number = 0;
    if (pread(descriptor, &number, sizeof number, 0) < 0)
        std::abort();
    ++number;
    if (pwrite(descriptor, &number, sizeof number, 0) != sizeof number)
        std::abort();
}

std::int64_t inNanoseconds(const timeval &time)
{
    return time.tv_sec * Second + time.tv_usec * 1000;
}

} // namespace

Worker::Worker(const std::string &kind, const std::string &path) : m_path(path), m_peer(makePeer(kind, path))
{
    m_peer->got = [this] {
        m_step();
        goOn();
    };
    m_ticker.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_ticker, &QTimer::timeout, [this] { ticked(); });
}

int Worker::run()
{
    QSocketNotifier notifier(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, [this] { readInput(); });
    say("ready");
    return QCoreApplication::exec();
}

void Worker::readInput()
{
    char bytes[512];
    const ssize_t size = read(STDIN_FILENO, bytes, sizeof bytes);
    if (size <= 0)
        return QCoreApplication::quit();
    m_input.append(bytes, static_cast<std::size_t>(size));
    for (std::size_t end; (end = m_input.find('\n')) != std::string::npos;) {
        const std::string line = m_input.substr(0, end);
        m_input.erase(0, end + 1);
        obey(line);
    }
}

void Worker::obey(const std::string &line)
{
    std::istringstream stream(line);
    std::string verb;
    std::int64_t number = 0;
    std::string file;
    stream >> verb >> number >> file;
    if (verb == "hold")
        hold(number);
    else if (verb == "keep")
        repeat(1, [this] { say("held"); });
    else if (verb == "drop")
        drop();
    else if (verb == "wait")
        wait();
    else if (verb == "count")
        count(number, file);
    else if (verb == "tick")
        tick(number);
    else if (verb == "crowd")
        crowd(number);
    else if (verb == "usage")
        usage();
}

// A step is what is done with the lock each time it was had.
void Worker::repeat(std::int64_t times, std::function<void()> step, std::function<void()> finish)
{
    m_left = times;
    m_step = std::move(step);
    m_finish = std::move(finish);
    goOn();
}

void Worker::goOn()
{
    while (m_left > 0) {
        --m_left;
        m_asked = now();
        if (!m_peer->take())
            return; // until got()
        m_step();
    }
    if (const auto finish = std::exchange(m_finish, nullptr))
        finish();
}

void Worker::hold(std::int64_t nanoseconds)
{
    repeat(1, [this, nanoseconds] {
        say("held");
        sleepFor(nanoseconds);
        drop();
    });
}

void Worker::drop()
{
    const std::int64_t moment = now();
    m_peer->give();
    say("released", {moment});
}

void Worker::wait()
{
    repeat(1, [this] {
        const std::int64_t moment = now();
        m_peer->give();
        say("got", {moment});
    });
}

void Worker::count(std::int64_t times, const std::string &file)
{
    const int descriptor = open(file.c_str(), O_RDWR | O_CLOEXEC);
    const std::int64_t begin = now();
    const auto longest = std::make_shared<std::int64_t>(0);
    const auto step = [this, descriptor, longest] {
        *longest = std::max(*longest, now() - m_asked);
        increment(descriptor);
        m_peer->give();
    };
    repeat(times, step, [this, descriptor, begin, longest] {
        const std::int64_t end = now();
        close(descriptor);
        say("counted", {end, end - begin, *longest});
    });
}

void Worker::tick(std::int64_t nanoseconds)
{
    m_lastTick = now();
    m_tickUntil = m_lastTick + nanoseconds;
    m_longestGap = 0;
    m_ticker.start(5ms);
}

void Worker::ticked()
{
    const std::int64_t moment = now();
    m_longestGap = std::max(m_longestGap, moment - std::exchange(m_lastTick, moment));
    if (moment < m_tickUntil)
        return;
    m_ticker.stop();
    say("gap", {m_longestGap});
}

void Worker::crowd(std::int64_t number)
{
    for (std::int64_t i = 0; i < number; ++i) {
        const std::string path = m_path + "." + std::to_string(i);
        m_crowd.push_back(std::make_unique<Holdfast::FileLock>(QString::fromStdString(path)));
        m_crowd.back()->acquire();
    }
    // Behind the first look of each, and behind the second that follows once its file is listened to.
    QTimer::singleShot(1s, [this] { say("crowded"); });
}

void Worker::usage()
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    say("usage",
        {inNanoseconds(used.ru_utime) + inNanoseconds(used.ru_stime), static_cast<std::int64_t>(mallinfo2().uordblks)});
}

void Worker::say(const char *word, std::initializer_list<std::int64_t> numbers)
{
    std::string line = word;
    for (const std::int64_t number : numbers)
        line += " " + std::to_string(number);
    line += "\n";
    if (write(STDOUT_FILENO, line.data(), line.size()) < 0)
        QCoreApplication::quit();
}

} // namespace Bench
