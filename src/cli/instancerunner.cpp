// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/instancerunner.h"

#include "cli/activationwords.h"
#include "cli/exitcode.h"
#include "cli/output.h"
#include "cli/programpath.h"

#include <QtCore/qfile.h>

#include <utility>

namespace Holdfast::Cli {

using Outcome = ActivationReply::Outcome;

InstanceRunner::InstanceRunner(const InstanceOptions &options, SignalWatch &signalWatch, QObject *parent)
    : QObject(parent),
      m_options(options),
      m_signalWatch(signalWatch),
      m_instance(options.key),
      m_command(options.command, IfOrphaned::GoOn)
{
    m_instance.setScope(options.scope);
    m_instance.setAccess(options.access);
    m_instance.setDirectory(options.directory);
    m_instance.setTimeout(options.timeout);
    m_instance.setWhenUnresponsive(options.whenUnresponsive);
    connect(&m_instance, &SingleInstance::statusChanged, this, &InstanceRunner::onStatus);
    connect(&m_instance, &SingleInstance::unresponsive, this, [this](const LockHolder &holder) {
        complain(QStringLiteral("the instance that runs, %1, does not answer; end it, or wait until it has ended")
                     .arg(holder.toString()));
    });
    connect(&m_reply, &QFutureWatcherBase::finished, this, &InstanceRunner::onReply);
    connect(&m_signalWatch, &SignalWatch::caught, this, &InstanceRunner::onSignal);
    connect(&m_signalWatch, &SignalWatch::childChanged, &m_command, &Command::lookWhetherItEnded);
    connect(&m_command, &Command::ended, this, &InstanceRunner::onCommandEnded);
    connect(&m_command, &Command::failedToStart, this, [this](int exitCode, const QString &why) {
        complain(why);
        onCommandEnded(exitCode);
    });
}

void InstanceRunner::start()
{
    m_instance.start();
}

void InstanceRunner::onStatus()
{
    switch (m_instance.status()) {
    case SingleInstance::Status::Primary:
        return runCommand();
    case SingleInstance::Status::Secondary:
        return forward();
    case SingleInstance::Status::Failed:
        complain(m_instance.errorString());
        if (m_phase == Phase::Electing) // else the command goes on; only nobody finds it any more
            finish(exitCodeFor(m_instance.error()));
        return;
    case SingleInstance::Status::Idle:
    case SingleInstance::Status::Electing:
        return;
    }
}

void InstanceRunner::forward()
{
    m_reply.setFuture(m_instance.forward(activationOf(m_options)));
}

void InstanceRunner::onReply()
{
    const ActivationReply reply = m_reply.result();
    const bool runsAnyway = m_options.whenUnresponsive == SingleInstance::WhenUnresponsive::RunAnyway;
    switch (reply.outcome) {
    case Outcome::Primary: // onStatus() has run the command
    case Outcome::Cancelled:
        return;
    case Outcome::Accepted:
    case Outcome::Unanswered:
        sayIfVerbose(QStringLiteral("handed over to the instance that runs"));
        return finish(reply.exitCode);
    case Outcome::Rejected:
        complain(reply.text);
        return finish(reply.exitCode);
    case Outcome::Unresponsive:
        return runsAnyway ? runCommand() : finish(ExitCode::TryLater);
    case Outcome::Failed:
        complain(reply.text);
        return finish(exitCodeFor(m_instance.error()));
    }
}

// As in Runner::runCommand(): a signal must neither be lost nor reach the command twice. The command inherits the lock, so that
// no second one runs beside it should we be killed.
void InstanceRunner::runCommand()
{
    if (m_phase != Phase::Electing)
        return;
    if (!findHandler())
        return finish(ExitCode::CannotRun);
    SignalPause pause;
    if (const auto caught = m_signalWatch.take())
        return finish(ExitCode::BySignal + caught->number);
    m_phase = Phase::Running;
    if (m_options.handling == Handling::Lines) {
        if (!m_lines.open()) {
            complain(QStringLiteral("the system has run out of descriptors"));
            return finish(ExitCode::System);
        }
        m_command.setSurroundings({.input = m_lines.readingEnd()});
    }
    if (!m_command.prepare(pause, m_instance.descriptor()))
        return;
    m_lines.closeReadingEnd();
    if (const auto caught = pause.take()) {
        m_command.abandon();
        return finish(ExitCode::BySignal + caught->number);
    }
    m_command.start();
    connect(&m_instance, &SingleInstance::activated, this, &InstanceRunner::handle);
}

// Now, for it runs in the directory of a later start, perhaps another user's, who may have a program of that name there.
bool InstanceRunner::findHandler()
{
    if (m_options.handling != Handling::Handler)
        return true;
    m_handler = programPath(m_options.handler);
    if (m_handler.isEmpty())
        complain(QStringLiteral("cannot run '%1' for later starts: there is no such program")
                     .arg(QString::fromLocal8Bit(m_options.handler)));
    return !m_handler.isEmpty();
}

void InstanceRunner::handle(const Activation &activation)
{
    sayIfVerbose(QStringLiteral("started again by process %1").arg(activation.senderProcessId));
    if (m_options.handling == Handling::Handler)
        return runHandler(activation);
    if (m_options.handling == Handling::Lines)
        m_lines.send(lineOf(activation));
    if (activation.wait == Activation::Wait::UntilFinished)
        m_kept += activation;
}

// Whoever does not want to wait for its end has been answered when it runs.
void InstanceRunner::runHandler(const Activation &activation)
{
    auto *handler = new Command(handlerWords(m_handler, activation), IfOrphaned::GoOn, this);
    handler->setSurroundings(surroundingsOf(activation));
    const auto end = [this, handler, activation](int exitCode) {
        activation.finish(exitCode, QCborMap());
        handler->deleteLater();
        --m_handlers;
        finishIfDone();
    };
    connect(&m_signalWatch, &SignalWatch::childChanged, handler, &Command::lookWhetherItEnded);
    connect(handler, &Command::ended, this, end);
    connect(handler, &Command::failedToStart, this, [end](int exitCode, const QString &why) {
        complain(why);
        end(exitCode);
    });
    ++m_handlers;
    const SignalPause pause;
    if (handler->prepare(pause, -1))
        handler->start();
}

// While handlers go on, what comes now waits, and is told to find the next instance when this one ends.
void InstanceRunner::onCommandEnded(int exitCode)
{
    m_phase = Phase::Ending;
    m_exitCode = exitCode;
    m_instance.disconnect(this);
    for (const Activation &activation : std::exchange(m_kept, {}))
        activation.finish(exitCode, QCborMap());
    finishIfDone();
}

void InstanceRunner::finishIfDone()
{
    if (m_phase == Phase::Ending && m_handlers == 0)
        finish(m_exitCode);
}

void InstanceRunner::onSignal(CaughtSignal caught)
{
    if (m_phase == Phase::Electing || m_phase == Phase::Ending)
        finish(ExitCode::BySignal + caught.number);
    else if (m_phase == Phase::Running && caught.addressee == Addressee::Us)
        m_command.pass(caught.number);
}

void InstanceRunner::finish(int exitCode)
{
    if (std::exchange(m_phase, Phase::Done) == Phase::Done)
        return;
    m_instance.disconnect(this);
    m_instance.stop();
    Q_EMIT finished(exitCode);
}

void InstanceRunner::sayIfVerbose(const QString &sentence) const
{
    if (m_options.talk == Talk::Verbose)
        complain(sentence);
}

} // namespace Holdfast::Cli
