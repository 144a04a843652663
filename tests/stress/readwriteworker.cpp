// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// readwriteworker KIND LOCK HISTORY read|write SEED: takes and gives back the lock in one mode until its input ends, and writes
// down each hold with one line: when it was asked for, when it was had, and `granted`; then the time of its end, and `done` or
// `lost`. A worker that is killed leaves `granted` alone.

#include "history.h"
#include "lockkinds.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>

#include <cstdio>
#include <fcntl.h>
#include <random>
#include <unistd.h>
#include <utility>

using namespace std::chrono_literals;
using Holdfast::AbstractLock;

namespace {

class Worker : public QObject
{
    Q_OBJECT

public:
    explicit Worker(const QStringList &arguments)
        : m_lock(makeLock(arguments.at(1), arguments.at(2))),
          m_history(open(qPrintable(arguments.at(3)), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)),
          m_mode(arguments.at(4) == QLatin1String("read") ? Holdfast::LockMode::Shared : Holdfast::LockMode::Exclusive),
          m_random(arguments.at(5).toUInt()),
          m_endOfInput(0, QSocketNotifier::Read)
    {
        m_end.setSingleShot(true);
        connect(m_lock.get(), &AbstractLock::acquired, this, &Worker::begin);
        connect(m_lock.get(), &AbstractLock::lost, this, [this] { finish("lost"); });
        connect(m_lock.get(), &AbstractLock::timedOut, this, [] { qFatal("waited for nothing"); });
        connect(m_lock.get(), &AbstractLock::errorOccurred, this, [this](Holdfast::LockError error) { fail(error); });
        connect(&m_end, &QTimer::timeout, this, &Worker::end);
        connect(&m_endOfInput, &QSocketNotifier::activated, this, [this] { m_stopping = true; });
        ask();
    }

private:
    void ask()
    {
        if (m_stopping)
            return QCoreApplication::quit();
        m_asked = monotonicNow();
        m_lock->acquire({.timeout = 30s, .mode = m_mode});
    }

    void begin()
    {
        m_granted = monotonicNow();
        say("granted", m_asked, m_granted);
        m_hasWaited = false;
        m_end.start(std::chrono::milliseconds(m_random() % 40));
    }

    void end()
    {
        // So long a hold was stopped meanwhile, perhaps so long that it was lost; a careful holder waits for that news.
        constexpr std::int64_t suspicious = 200'000'000;
        if (monotonicNow() - m_granted > suspicious && !std::exchange(m_hasWaited, true))
            return m_end.start(500ms);
        finish("done");
    }

    void finish(const char *how)
    {
        m_end.stop();
        const std::int64_t now = monotonicNow(); // before it is given back
        m_lock->forceRelease();
        say(how, now, 0);
        QTimer::singleShot(std::chrono::milliseconds(m_random() % 10), this, &Worker::ask);
    }

    // One that was stopped has heard nothing of its server meanwhile; if that were the rule, there would be too few holds.
    void fail(Holdfast::LockError error)
    {
        if (error != Holdfast::LockError::ConnectionFailed)
            qFatal("%s", qPrintable(m_lock->errorString()));
        QTimer::singleShot(std::chrono::milliseconds(m_random() % 10), this, &Worker::ask);
    }

    void say(const char *what, std::int64_t first, std::int64_t second)
    {
        char line[96];
        const int size = std::snprintf(line, sizeof line, "%s %lld %lld\n", what, static_cast<long long>(first),
                                       static_cast<long long>(second));
        if (write(m_history, line, static_cast<std::size_t>(size)) != size)
            _exit(70);
    }

    const std::unique_ptr<AbstractLock> m_lock;
    const int m_history;
    const Holdfast::LockMode m_mode;
    std::minstd_rand m_random;
    QSocketNotifier m_endOfInput;
    QTimer m_end;
    std::int64_t m_asked = 0;
    std::int64_t m_granted = 0;
    bool m_hasWaited = false;
    bool m_stopping = false;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 6)
        return 64;
    const Worker worker(arguments);
    return app.exec();
}

#include "readwriteworker.moc"
