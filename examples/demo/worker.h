// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A process that adds to the document: the demo's own program, started once more with --worker.
#pragma once

#include "ledger.h"
#include "messages.h"

#include <holdfast/filelock.h>

#include <QFile>
#include <QObject>
#include <QSocketNotifier>

/**
 * Adds entries as it is told, one after the other, and reports what happens. It lives as long as its standard input is
 * open, so it ends with whoever started it, however that one ends.
 */
class Worker : public QObject
{
    Q_OBJECT

public:
    Worker(const QString &name, const QString &lockFile);

private:
    void hear();
    void obey(const QByteArray &line);
    void beginEntry();
    void readDocument();
    void writeDocument();
    void finishEntry();
    void giveUp(Report::Kind why);
    void say(Report::Kind kind, qint64 number = 0, Moment when = now());

    QString m_name;
    Holdfast::FileLock m_lock;
    Ledger m_ledger;
    Order m_order;
    int m_serial = 0; // of the entry that is being added
    Moment m_asked{}; // for the lock
    QFile m_input;
    QFile m_output;
    QSocketNotifier m_inputReady{0, QSocketNotifier::Read};
    QByteArray m_line; // as far as it has been heard
};
