// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A worker as the director sees it: a process that takes orders and reports.
#pragma once

#include "messages.h"

#include <QObject>
#include <QProcess>

class Actor : public QObject
{
    Q_OBJECT

public:
    Actor(const QString &name, const QString &lockFile);
    ~Actor() override; ///< asks it to end, and makes it end

    QString name() const { return m_name; }
    qint64 processId() const { return m_processId; }
    bool hasSeen(Report::Kind kind) const { return m_seen & (1u << kind); } ///< since the last order
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }

    void tell(const Order &order);
    void cancel();
    void kill(); ///< SIGKILL, and reports it

Q_SIGNALS:
    void reported(const Report &report);
    void died(); ///< not by kill(), and not at the end

private:
    void hear();
    void report(const Report &report);

    QString m_name;
    QProcess m_process;
    qint64 m_processId = 0;
    unsigned m_seen = 0; // one bit for each kind of report
    bool m_mayEnd = false;
};
