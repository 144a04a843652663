// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/filelock.h>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

namespace Holdfast::Cli {

/** The one line on a terminal that says whom we wait for and how long already; gone when the wait is over. */
class WaitLine : public QObject
{
    Q_OBJECT
public:
    explicit WaitLine(const FileLock &lock, QObject *parent = nullptr);
    ~WaitLine() override;

    static bool isPossible(); ///< whether standard error is a terminal that can do it

    void show(const LockHolder &holder); ///< and again every second
    void clear();

private:
    void update(const LockHolder &holder);

    const FileLock &m_lock;
    QElapsedTimer m_waited;
    QTimer m_everySecond;
    bool m_visible = false;
};

/** "flock (pid 4711, user anna)", or words for somebody whom the system does not show. */
QString describe(const LockHolder &holder);

} // namespace Holdfast::Cli
