// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "worker.h"

#include <QCoreApplication>
#include <QTimer>

#include <utility>

using Holdfast::FileLock;
using Holdfast::LockHolder;
using namespace std::chrono_literals;

// Between two entries, so that others get their turn: the lock makes no promise about who is next.
constexpr auto Breath = 3ms;

Worker::Worker(const QString &name, const QString &lockFile) : m_name(name), m_lock(lockFile)
{
    connect(&m_lock, &FileLock::acquired, this, &Worker::readDocument);
    connect(&m_lock, &FileLock::contended, this,
            [this](const LockHolder &holder) { say(Report::Contended, holder.processId); });
    connect(&m_lock, &FileLock::timedOut, this, [this] { giveUp(Report::TimedOut); });
    connect(&m_lock, &FileLock::cancelled, this, [this] { giveUp(Report::Cancelled); });
    connect(&m_lock, &FileLock::errorOccurred, this, [this] {
        qCritical().noquote() << m_lock.errorString();
        giveUp(Report::Failed);
    });
    connect(&m_inputReady, &QSocketNotifier::activated, this, &Worker::hear);
    m_input.open(0, QFile::ReadOnly | QFile::Unbuffered);
    m_output.open(1, QFile::WriteOnly | QFile::Unbuffered);
    say(Report::Ready);
}

void Worker::hear()
{
    char character = 0;
    if (!m_input.getChar(&character))
        return QCoreApplication::quit(); // the other end is closed
    if (character != '\n')
        m_line += character;
    else
        obey(std::exchange(m_line, {}));
}

void Worker::obey(const QByteArray &line)
{
    if (line == "cancel")
        return m_lock.cancel();
    const std::optional<Order> order = Order::fromLine(line);
    if (!order)
        return giveUp(Report::Failed);
    m_order = *order;
    m_ledger = Ledger(order->document);
    m_serial = order->first;
    beginEntry();
}

void Worker::beginEntry()
{
    m_asked = now();
    if (m_order.guarded)
        m_lock.acquire({.timeout = m_order.patience});
    else
        readDocument();
}

// Reading, a while of work, writing: in between, nobody else may write. With the lock, nobody does.
void Worker::readDocument()
{
    say(Report::Acquired);
    try {
        m_ledger.read();
        QTimer::singleShot(m_order.effort, Qt::PreciseTimer, this, &Worker::writeDocument);
    } catch (const LedgerError &error) {
        qCritical() << error.what();
        giveUp(Report::Failed);
    }
}

void Worker::writeDocument()
{
    try {
        const int number = m_ledger.append(m_name, m_serial);
        m_ledger.write();
        const Moment end = now(); // before the release: it is part of the hand-over
        if (m_order.guarded)
            m_lock.release();
        say(Report::Released, number, end);
        finishEntry();
    } catch (const LedgerError &error) {
        qCritical() << error.what();
        giveUp(Report::Failed);
    }
}

void Worker::finishEntry()
{
    if (++m_serial < m_order.first + m_order.count)
        QTimer::singleShot(Breath, Qt::PreciseTimer, this, &Worker::beginEntry);
    else
        say(Report::Done);
}

void Worker::giveUp(Report::Kind why)
{
    m_lock.forceRelease();
    say(why, (now() - m_asked) / 1ms);
    say(Report::Done);
}

void Worker::say(Report::Kind kind, qint64 number, Moment when)
{
    m_output.write(Report{when, kind, number}.toLine());
}
