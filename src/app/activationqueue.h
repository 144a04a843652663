// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/activation.h>

#include <QtCore/qobject.h>

#include <deque>
#include <functional>
#include <utility>

namespace Holdfast {

/** Activations on their way to the program's handlers: from the event loop, one at a time, and kept until somebody listens. */
class ActivationQueue : public QObject
{
    Q_OBJECT
public:
    /** @p isHeard tells whether somebody listens to due(). */
    explicit ActivationQueue(std::function<bool()> isHeard, QObject *parent = nullptr)
        : QObject(parent), m_isHeard(std::move(isHeard))
    { }

    void add(const Activation &activation);
    void schedule(); ///< somebody may be listening now
    void clear() { m_waiting.clear(); }

Q_SIGNALS:
    void due(const Holdfast::Activation &activation);

private:
    void deliver();

    const std::function<bool()> m_isHeard;
    std::deque<Activation> m_waiting;
    bool m_isScheduled = false;
    bool m_isDelivering = false;
};

} // namespace Holdfast
