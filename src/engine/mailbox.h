// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

#include <functional>
#include <memory>
#include <mutex>

QT_FORWARD_DECLARE_CLASS(QEvent)
QT_FORWARD_DECLARE_CLASS(QObject)

namespace Holdfast {

/**
 * The way into one thread's event loop, from any thread, also when that thread is gone by then.
 *
 * Each message is an event of its own: a message whose code runs a nested event loop does not hold up the next.
 */
class Mailbox
{
public:
    explicit Mailbox(QObject *owner) : m_owner(owner) { }

    /** Runs @p message in the thread's event loop. Dropped when the thread has ended. */
    void post(std::function<void()> message);

    /** The owner is about to go. */
    void close();

    /** For the owner's event(): runs the message in @p event; false when it is another kind of event. */
    static bool deliver(QEvent *event);

private:
    std::mutex m_mutex;
    QObject *m_owner;
};

} // namespace Holdfast
