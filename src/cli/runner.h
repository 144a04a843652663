// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/descriptor.h"
#include "cli/signals.h"
#include "cli/waitline.h"

#include <holdfast/abstractlock.h>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>

#include <memory>
#include <optional>

namespace Holdfast::Cli {

/** `holdfast run`: waits for the lock, runs the command, lets go. */
class Runner : public QObject
{
    Q_OBJECT
public:
    Runner(const RunOptions &options, SignalWatch &signalWatch, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    void finished(int exitCode); ///< once

private:
    void onContended(const LockHolder &holder);
    void onAcquired();
    void onTimedOut();
    void onError();
    void onLost(LossReason reason);
    void onSignal(CaughtSignal caught);
    void finish(int exitCode);

    void inheritDescriptor();
    std::optional<QString> keepDescriptor(qintptr descriptor);
    void runCommand();
    void sayIfVerbose(const QString &sentence) const;
    QString waited() const;

    const RunOptions m_options;
    SignalWatch &m_signalWatch;
    const std::unique_ptr<AbstractLock> m_lock;
    Descriptor m_inherited; ///< a duplicate, because the library's own is none of the command's business
    WaitLine m_line;
    Command m_command;
    QElapsedTimer m_clock;
    enum class Phase { Waiting, Running, Done } m_phase = Phase::Waiting;
    int m_endingSignal = 0; ///< that ended the wait
};

} // namespace Holdfast::Cli
