// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/linesink.h"
#include "cli/signals.h"

#include <holdfast/app/singleinstance.h>

#include <QtCore/qfuturewatcher.h>
#include <QtCore/qlist.h>
#include <QtCore/qobject.h>

namespace Holdfast::Cli {

/** `holdfast instance`: runs the command and does what later starts ask for, or is such a later start. */
class InstanceRunner : public QObject
{
    Q_OBJECT
public:
    InstanceRunner(const InstanceOptions &options, SignalWatch &signalWatch, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    void finished(int exitCode); ///< once

private:
    void onStatus();
    void forward();
    void onReply();
    void runCommand();
    bool findHandler();
    void onCommandEnded(int exitCode);
    void onSignal(CaughtSignal caught);

    void handle(const Activation &activation);
    void runHandler(const Activation &activation);
    void finishIfDone();
    void finish(int exitCode);
    void sayIfVerbose(const QString &sentence) const;

    const InstanceOptions m_options;
    SignalWatch &m_signalWatch;
    SingleInstance m_instance;
    QFutureWatcher<ActivationReply> m_reply;
    LineSink m_lines;
    QByteArray m_handler; ///< its path
    Command m_command;
    QList<Activation> m_kept; ///< those that wait for the command's end
    int m_handlers = 0;       ///< that run
    int m_exitCode = 0;       ///< of the command
    enum class Phase { Electing, Running, Ending, Done } m_phase = Phase::Electing;
};

} // namespace Holdfast::Cli
