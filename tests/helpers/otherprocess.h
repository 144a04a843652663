// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

/** A real process at the other end of a pipe: told and answering in lines. Killed when the object goes. */
class OtherProcess
{
public:
    /** The helper program with a lock of @p kind on @p path; ready when this returns. */
    OtherProcess(const QString &kind, const QString &path);

    /** Any other program that speaks in lines; @p ready is what it says when it is. */
    OtherProcess(const QString &program, const QStringList &arguments, const QString &ready);
    ~OtherProcess();
    OtherProcess(const OtherProcess &) = delete;
    OtherProcess &operator=(const OtherProcess &) = delete;

    void tell(const QString &line);

    /** The next line it says, waiting for it; empty when it ends or says nothing for long. Runs no event loop. */
    QString hear();

    /** tell() and hear(). */
    QString ask(const QString &line);

    /** Whether it has said something that was not heard yet, without waiting long. */
    bool isSilent();

    void kill();     ///< SIGKILL, and waits for its end
    void freeze();   ///< SIGSTOP
    void unfreeze(); ///< SIGCONT
    bool end();      ///< closes its input and waits; true when it ended in an orderly way

    qint64 processId() const { return m_process.processId(); }
    QString errors() { return QString::fromLocal8Bit(m_process.readAllStandardError()); }

private:
    QProcess m_process;
};
