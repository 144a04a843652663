// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qstring.h>
#include <QtCore/qtimer.h>

#include <functional>

namespace Holdfast::Cli {

/** The one line on a terminal that says whom we wait for and how long already; gone when the wait is over. */
class WaitLine : public QObject
{
    Q_OBJECT
public:
    /** @p holder is asked each second who has it. */
    WaitLine(std::function<LockHolder()> holder, const QString &file, QObject *parent = nullptr);
    ~WaitLine() override;

    static bool isPossible(); ///< whether standard error is a terminal that can do it

    void show(const LockHolder &holder); ///< and again every second
    void clear();

private:
    void update(const LockHolder &holder);

    const std::function<LockHolder()> m_holder;
    const QString m_file;
    QElapsedTimer m_waited;
    QTimer m_everySecond;
    bool m_visible = false;
};

} // namespace Holdfast::Cli
