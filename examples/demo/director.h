// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The parent process: starts the workers, tells them what to do, and looks at the result.
#pragma once

#include "actor.h"
#include "ledger.h"
#include "timeline.h"

#include <QObject>
#include <QTemporaryDir>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

class Director : public QObject
{
    Q_OBJECT

public:
    Director();

    void start();
    void stop(int exitCode); ///< whatever is going on

Q_SIGNALS:
    void ended(int exitCode); ///< 0 only when the document written under the lock is perfect

private:
    // The acts, in their order.
    void takeTurns();
    void hang();
    void othersWait();
    void cancelOne();
    void killHolder();
    void hurry();
    void withoutLock();
    void drawConclusion();

    /** Goes on with @p next as soon as @p isTrue; looks after every report. */
    void once(std::function<bool()> isTrue, void (Director::*next)());
    void onReport(Actor &actor, const Report &report);
    void fail(const QString &why);
    void announce(const QString &text);

    Actor *engage(const QString &name);
    void tellWriters(Order order);
    bool allWriters(Report::Kind kind) const;

    QTemporaryDir m_directory;
    QString m_document;
    QString m_unguarded; // what the writers make of a document without the lock
    Timeline m_timeline;
    std::vector<std::unique_ptr<Actor>> m_actors;
    std::vector<Actor *> m_writers;
    Actor *m_hanging = nullptr;
    Actor *m_impatient = nullptr;
    Actor *m_cancelled = nullptr;
    std::function<bool()> m_condition;
    void (Director::*m_next)() = nullptr;
    bool m_measuring = true;
    bool m_isOver = false;
    QTimer m_watchdog;
};
