// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qfile.h>
#include <QtCore/qobject.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <memory>

/**
 * How late a timer of 5 ms comes in the event loop of this thread: what is due to the thread itself, which was busy or has waited
 * for something. Not what is due to others: the time in which it could have run and had no processor is left out
 * (/proc/PID/task/TID/schedstat, its second number).
 */
class Ticks
{
public:
    Ticks()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tick(); });
        m_withoutProcessor = withoutProcessor();
        m_since.start();
        m_timer.start(Interval);
    }

    int count() const { return m_count; }
    double latest() const { return double(m_latest) / 1e6; } ///< ms

private:
    static constexpr int Interval = 5; // ms

    static qint64 withoutProcessor() // ns
    {
        QFile facts(QStringLiteral("/proc/thread-self/schedstat"));
        return facts.open(QIODevice::ReadOnly) ? facts.readAll().split(' ').value(1).toLongLong() : 0;
    }

    void tick()
    {
        const qint64 waited = withoutProcessor();
        const qint64 late = m_since.nsecsElapsed() - (waited - m_withoutProcessor) - Interval * 1'000'000LL;
        m_since.restart();
        m_withoutProcessor = waited;
        m_latest = std::max(m_latest, late);
        ++m_count;
    }

    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_withoutProcessor = 0;
    qint64 m_latest = 0; // ns
    int m_count = 0;
};

/** The same in a thread of its own, until it is asked. */
class TicksElsewhere
{
public:
    TicksElsewhere()
        : m_thread(QThread::create([this] {
              const Ticks ticks;
              QEventLoop().exec();
              m_latest = ticks.latest();
          }))
    {
        m_thread->start();
    }
    ~TicksElsewhere() { latest(); }
    TicksElsewhere(const TicksElsewhere &) = delete;
    TicksElsewhere &operator=(const TicksElsewhere &) = delete;

    double latest()
    {
        m_thread->quit();
        m_thread->wait();
        return m_latest;
    }

private:
    double m_latest = 0;
    const std::unique_ptr<QThread> m_thread;
};
