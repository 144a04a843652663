// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/runner.h"

#include "cli/exitcode.h"
#include "cli/inspectiontext.h"
#include "cli/kind.h"
#include "cli/loss.h"
#include "cli/output.h"

#include <holdfast/filelock.h>

#include <utility>

namespace Holdfast::Cli {

Runner::Runner(const RunOptions &options, SignalWatch &signalWatch, QObject *parent)
    : QObject(parent),
      m_options(options),
      m_signalWatch(signalWatch),
      m_lock(makeLock(options)),
      m_line([this] { return m_lock->holder(); }, options.file),
      m_command(options.command, options.onLoss == OnLoss::Terminate ? IfOrphaned::Terminate : IfOrphaned::GoOn)
{
    inheritDescriptor();
    connect(m_lock.get(), &AbstractLock::acquired, this, &Runner::onAcquired);
    connect(m_lock.get(), &AbstractLock::timedOut, this, &Runner::onTimedOut);
    connect(m_lock.get(), &AbstractLock::cancelled, this, [this] { finish(ExitCode::BySignal + m_endingSignal); });
    connect(m_lock.get(), &AbstractLock::errorOccurred, this, &Runner::onError);
    connect(m_lock.get(), &AbstractLock::lost, this, &Runner::onLost);
    connect(&m_signalWatch, &SignalWatch::caught, this, &Runner::onSignal);
    connect(&m_signalWatch, &SignalWatch::childChanged, &m_command, &Command::lookWhetherItEnded);
    connect(&m_command, &Command::ended, this, &Runner::finish);
    connect(&m_command, &Command::failedToStart, this, [this](int exitCode, const QString &why) {
        complain(why);
        finish(exitCode);
    });
}

void Runner::start()
{
    // Whoever listens pays for finding out who holds the lock.
    if (m_options.talk == Talk::Verbose || WaitLine::isPossible())
        connect(m_lock.get(), &AbstractLock::contended, this, &Runner::onContended);
    m_clock.start();
    m_lock->acquire({.timeout = m_options.timeout, .blocking = m_options.blocking});
}

// Only an operating system lock has one.
void Runner::inheritDescriptor()
{
    auto *lock = qobject_cast<FileLock *>(m_lock.get());
    if (lock && m_options.inheritance == Inheritance::Inherit)
        lock->setHeldHook([this](qintptr descriptor) { return keepDescriptor(descriptor); });
}

std::optional<QString> Runner::keepDescriptor(qintptr descriptor)
{
    m_inherited = Descriptor::duplicateOf(descriptor);
    if (m_inherited.isOpen())
        return std::nullopt;
    return QStringLiteral("cannot lock \"%1\": no descriptor is left for the command to inherit").arg(m_options.file);
}

void Runner::onContended(const LockHolder &holder)
{
    sayIfVerbose(QStringLiteral("\"%1\" is held by %2").arg(m_options.file, describe(holder)));
    if (m_options.blocking && m_options.timeout.count() != 0)
        m_line.show(holder);
}

void Runner::onAcquired()
{
    m_line.clear();
    if (m_endingSignal != 0)
        return finish(ExitCode::BySignal + m_endingSignal);
    sayIfVerbose(QStringLiteral("got \"%1\" after %2 s").arg(m_options.file, waited()));
    runCommand();
}

// A signal must neither be lost nor reach the command twice, whenever it comes:
//
//   P.1 holds signals back; one that was caught before ends it all
//   P.2 forks C, who waits
//   P.3 a signal came before this?  C ends; nothing of the command has happened
//   P.4 lets C go on, and signals, too: what the terminal sends after P.2, C gets from the terminal
void Runner::runCommand()
{
    SignalPause pause;
    if (const auto caught = m_signalWatch.take())
        return finish(ExitCode::BySignal + caught->number);
    m_phase = Phase::Running;
    if (!m_command.prepare(pause, m_inherited.value()))
        return;
    m_inherited = Descriptor();
    if (const auto caught = pause.take()) {
        m_command.abandon();
        return finish(ExitCode::BySignal + caught->number);
    }
    m_command.start();
}

void Runner::onTimedOut()
{
    m_line.clear();
    sayIfVerbose(QStringLiteral("did not get \"%1\", gave up after %2 s").arg(m_options.file, waited()));
    finish(m_options.conflictExitCode);
}

void Runner::onError()
{
    m_line.clear();
    complain(m_lock->errorString());
    finish(exitCodeFor(m_lock->error()));
}

void Runner::onLost(LossReason reason)
{
    complain(lossSentence(m_options, reason, m_lock->errorString()));
    if (m_options.onLoss == OnLoss::Terminate && m_phase == Phase::Running)
        m_command.terminate();
}

void Runner::onSignal(CaughtSignal caught)
{
    if (m_phase == Phase::Waiting) {
        m_endingSignal = caught.number;
        m_lock->cancel();
    } else if (m_phase == Phase::Running && caught.addressee == Addressee::Us) {
        m_command.pass(caught.number);
    }
}

// The release unlocks; closing alone would leave the lock to a background process that the command left behind.
void Runner::finish(int exitCode)
{
    if (std::exchange(m_phase, Phase::Done) == Phase::Done)
        return;
    m_line.clear();
    if (!m_lock->forceRelease() && m_lock->error() != LockError::None)
        complain(m_lock->errorString());
    Q_EMIT finished(exitCode);
}

void Runner::sayIfVerbose(const QString &sentence) const
{
    if (m_options.talk == Talk::Verbose)
        complain(sentence);
}

QString Runner::waited() const
{
    return QString::number(static_cast<double>(m_clock.elapsed()) / 1000, 'f', 3);
}

} // namespace Holdfast::Cli
