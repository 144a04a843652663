// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/descriptor.h"
#include "cli/signals.h"

#include <QtCore/qbytearraylist.h>
#include <QtCore/qprocess.h>

#include <cstdint>

namespace Holdfast::Cli {

/** The command: a child with our standard streams, our environment, and its arguments byte by byte. */
class Command : public QObject
{
    Q_OBJECT
public:
    explicit Command(const QByteArrayList &words, QObject *parent = nullptr);

    /** Makes the process, which then waits: nothing of the command has happened yet. @p inherited is open in it, and
        nothing else that this process has opened; -1: none. False after failedToStart(). */
    bool prepare(const SignalPause &pause, std::intptr_t inherited);
    void start();   ///< lets it go on
    void abandon(); ///< ends it instead, without a signal

    void pass(int signal); ///< sends it to the command

Q_SIGNALS:
    void ended(int exitStatus); ///< its own, or 128 and the signal's number

    /** The exit status that flock(1) has for it, and one sentence. */
    void failedToStart(int exitStatus, const QString &why);

private:
    void reportStartError(const QString &words);
    void reportEnd(int code, QProcess::ExitStatus kind);

    const QByteArrayList m_words;
    QProcess m_process;
    Descriptor m_gate;    ///< the child reads from the other end before it executes its program
    Descriptor m_refusal; ///< the child writes into the other end why the program could not be executed
};

} // namespace Holdfast::Cli
