// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/signals.h"
#include "cli/waitline.h"

#include <holdfast/app/documentlock.h>

#include <QtCore/qobject.h>

namespace Holdfast::Cli {

/** `holdfast edit`: gets the document, runs the editor, lets go. */
class Editing : public QObject
{
    Q_OBJECT
public:
    Editing(const EditOptions &options, SignalWatch &signalWatch, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    void finished(int exitCode); ///< once

private:
    void onAcquired();
    void onTimedOut();
    void onLost(LossReason reason);
    void onCaught(CaughtSignal caught);
    void warnOfLeftovers();
    void runEditor();
    void finish(int exitCode);

    const EditOptions m_options;
    SignalWatch &m_signalWatch;
    DocumentLock m_lock;
    WaitLine m_line;
    Command m_command;
    LockHolder m_formerOwner; ///< from whom it was tried to take over
    enum class Phase { Waiting, Running, Done } m_phase = Phase::Waiting;
    int m_endingSignal = 0; ///< that ended the wait
};

} // namespace Holdfast::Cli
