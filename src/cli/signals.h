// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qobject.h>

#include <memory>
#include <optional>

QT_BEGIN_NAMESPACE
class QSocketNotifier;
QT_END_NAMESPACE

namespace Holdfast::Cli {

/** Whom a signal was meant for. */
enum class Addressee {
    Us,   ///< a process sent it to this one
    Group ///< the terminal sent it to everything in its foreground, the command included
};

struct CaughtSignal
{
    int number = 0;
    Addressee addressee = Addressee::Us;
};

/**
 * Turns the signals that ask a program to end (interrupt, quit, terminate, hang up) into Qt's. One that was ignored when
 * the program started stays ignored, as nohup(1) expects. One per process.
 */
class SignalWatch : public QObject
{
    Q_OBJECT
public:
    explicit SignalWatch(QObject *parent = nullptr);
    ~SignalWatch() override;

    bool start(); ///< false: no descriptors are left

    /** The oldest that was caught and not yet reported, which it then will not be. */
    std::optional<CaughtSignal> take();

Q_SIGNALS:
    void caught(Holdfast::Cli::CaughtSignal caught);
    void childChanged(); ///< a child has ended, or might have

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

/** Holds back, while it lives, the signals that SignalWatch catches. */
class SignalPause
{
public:
    SignalPause();
    ~SignalPause();
    Q_DISABLE_COPY_MOVE(SignalPause)

    /** One that has come meanwhile, and will now not be caught. */
    std::optional<CaughtSignal> take();

    /** In a child, before its program starts: signals act as they did before this process changed anything. */
    void liftInChild() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace Holdfast::Cli
