// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qprocess.h>
#include <QtCore/qstringlist.h>

/** A program on a real (pseudo-)terminal, as the leader of its session and in its foreground. */
class Terminal
{
public:
    Terminal(const QString &program, const QStringList &arguments, const QString &directory);
    ~Terminal();
    Q_DISABLE_COPY_MOVE(Terminal)

    void type(const QByteArray &keys);
    bool waitFor(const QByteArray &text); ///< until it is on the screen
    void hangUp();
    void signal(int number);
    int status(); ///< waits for the end: the exit status, or 128 and the signal's number
    qint64 id() const { return m_process.processId(); }
    QByteArray output() const { return m_output; } ///< all that was written so far

private:
    bool readSome(int milliseconds);

    int m_master = -1;
    QProcess m_process;
    QByteArray m_output;
};
