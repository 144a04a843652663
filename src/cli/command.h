// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/descriptor.h"

#include <QtCore/qbytearraylist.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <chrono>
#include <cstdint>

namespace Holdfast::Cli {

class SignalPause;

/** What the command does when this process is killed, and can neither pass that on nor let go of the lock. */
enum class IfOrphaned { GoOn, Terminate };

/** What is different around a command. */
struct Surroundings
{
    QByteArray directory = {};     ///< where it runs; empty: here
    QByteArrayList variables = {}; ///< NAME=VALUE, for its environment, besides ours
    QByteArrayList without = {};   ///< NAME=, of ours not in its environment
    std::intptr_t input = -1;      ///< its standard input; -1: ours
};

/**
 * The command: a child with our standard streams, our environment, and its arguments byte by byte.
 *
 * Not a QProcess: its arguments are text, it puts a full path in place of the program's name, it does not run a script
 * without a first line that says of what kind it is, and its vfork() leaves no moment between fork and exec.
 */
class Command : public QObject
{
    Q_OBJECT
public:
    Command(const QByteArrayList &words, IfOrphaned ifOrphaned, QObject *parent = nullptr);

    void setSurroundings(const Surroundings &surroundings) { m_surroundings = surroundings; } ///< before prepare()

    /** Makes the process, which then waits: nothing of the command has happened yet. The file that @p inherited has open is open
        in it, and nothing else that this process has opened; -1: none. False after failedToStart(). */
    bool prepare(const SignalPause &pause, std::intptr_t inherited);
    void start();   ///< lets it go on
    void abandon(); ///< or ends it

    void pass(int signal); ///< sends it to the command
    void terminate();      ///< asks it to end, and makes it when it has not after PatienceWithCommand

    static constexpr std::chrono::seconds PatienceWithCommand{5};

public Q_SLOTS:
    void lookWhetherItEnded();

Q_SIGNALS:
    void ended(int exitStatus); ///< its own, or 128 and the signal's number

    /** The exit status that flock(1) has for it, and one sentence. */
    void failedToStart(int exitStatus, const QString &why);

private:
    void reportEnd(int status);

    const QByteArrayList m_words;
    const IfOrphaned m_ifOrphaned;
    Surroundings m_surroundings;
    std::int64_t m_process = 0; ///< 0: there is none
    Descriptor m_gate;          ///< the child reads from the other end before it executes its program
    Descriptor m_refusal;       ///< the child writes into the other end why the program could not be executed
    QTimer m_patience;
};

} // namespace Holdfast::Cli
