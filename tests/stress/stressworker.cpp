// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// stressworker KIND LOCK COUNTER HISTORY NUMBER SEED: takes and gives back the lock until its input ends, in every way there
// is, and adds one to the counter each time, slowly enough that a second holder would lose an update.

#include "history.h"
#include "lockkinds.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>
#include <QtCore/qsocketnotifier.h>

#include <cstdlib>
#include <fcntl.h>
#include <random>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

class Worker : public QObject
{
    Q_OBJECT

public:
    explicit Worker(const QStringList &arguments)
        : m_lock(makeLock(arguments.at(1), arguments.at(2))),
          m_counter(arguments.at(3)),
          m_history(open(qPrintable(arguments.at(4)), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)),
          m_number(arguments.at(5).toInt()),
          m_random(arguments.at(6).toUInt()),
          m_endOfInput(0, QSocketNotifier::Read)
    {
        using Holdfast::AbstractLock;
        connect(m_lock.get(), &AbstractLock::acquired, this, &Worker::work);
        connect(m_lock.get(), &AbstractLock::timedOut, this, [this] { ended(HistoryLine::TimedOut); });
        connect(m_lock.get(), &AbstractLock::cancelled, this, [this] { ended(HistoryLine::Cancelled); });
        connect(m_lock.get(), &AbstractLock::errorOccurred, this, [this] {
            record(m_history, HistoryLine::Failed, m_number);
            qFatal("%s", qPrintable(m_lock->errorString()));
        });
        connect(&m_endOfInput, &QSocketNotifier::activated, this, [this] { m_stopping = true; });
        ask();
    }

private:
    void ask()
    {
        if (m_stopping)
            return QCoreApplication::quit();
        record(m_history, HistoryLine::Asked, m_number);
        switch (m_random() % 8) {
        case 0: // blocking
            if (m_lock->tryAcquireFor(500ms))
                return work();
            return ended(HistoryLine::TimedOut);
        case 1:
            return m_lock->acquire({.timeout = 3ms});
        case 2:
            m_lock->acquire();
            return m_lock->cancel();
        default:
            return m_lock->acquire({.timeout = 5s});
        }
    }

    void ended(HistoryLine::Event event)
    {
        record(m_history, event, m_number);
        QMetaObject::invokeMethod(this, &Worker::ask, Qt::QueuedConnection);
    }

    void work()
    {
        record(m_history, HistoryLine::Granted, m_number);
        QFile file(m_counter);
        if (!file.open(QIODevice::ReadWrite))
            qFatal("no counter");
        const int value = file.readAll().toInt();
        const auto until = monotonicNow() + std::int64_t(1000) * static_cast<std::int64_t>(m_random() % 100);
        while (monotonicNow() < until)
            ; // somebody else would have the time to read the same value
        file.seek(0);
        file.write(QByteArray::number(value + 1));
        file.close();
        record(m_history, HistoryLine::Done, m_number);
        m_lock->release();
        QMetaObject::invokeMethod(this, &Worker::ask, Qt::QueuedConnection);
    }

    const std::unique_ptr<Holdfast::AbstractLock> m_lock;
    const QString m_counter;
    const int m_history;
    const int m_number;
    std::minstd_rand m_random;
    QSocketNotifier m_endOfInput;
    bool m_stopping = false;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 7)
        return 64;
    const Worker worker(arguments);
    return app.exec();
}

#include "stressworker.moc"
