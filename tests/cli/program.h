// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qprocess.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qtemporarydir.h>

#include <memory>

/** Where things are. */
QString holdfastProgram();
QString listenerProgram();

/** How a program ended, and what it said. */
struct Ending
{
    int status = -1; ///< 128 and the signal's number when one killed it
    QByteArray out;
    QByteArray err;
};

/** A program that runs; killed when it goes out of scope. */
class Running
{
public:
    Running(const QString &program, const QStringList &arguments, const QString &directory);
    ~Running();
    Q_DISABLE_COPY_MOVE(Running)

    bool waitForOutput(const QByteArray &text); ///< until @p text was said on standard output; false: in vain
    bool waitForErrors(const QByteArray &text);
    bool waitUntilItEnds();
    Ending ending(); ///< waits for it
    void signal(int number);
    void write(const QByteArray &bytes) { m_process.write(bytes); }
    void closeInput() { m_process.closeWriteChannel(); }
    qint64 id() const { return m_process.processId(); }
    QByteArray out() const { return m_out; }

private:
    bool waitFor(const QByteArray &text, QByteArray &where);
    void collect();

    QProcess m_process;
    QByteArray m_out;
    QByteArray m_err;
};

/** A folder for one test, with a lock file in it that need not exist yet. */
class Scene
{
public:
    QString path(const QString &name = QStringLiteral("lock")) const { return m_directory.filePath(name); }
    QString directory() const { return m_directory.path(); }

    std::unique_ptr<Running> start(const QString &program, const QStringList &arguments) const;
    std::unique_ptr<Running> holdfast(const QStringList &arguments) const;
    Ending run(const QString &program, const QStringList &arguments, const QByteArray &input = {}) const;

    /** flock(1) holds the lock, until the result is destroyed or its input closed. */
    std::unique_ptr<Running> flockHolds(const QString &name = QStringLiteral("lock"), bool shared = false) const;

    /** What flock(1) says. */
    bool isFree(const QString &name = QStringLiteral("lock"), bool shared = false) const;

private:
    QTemporaryDir m_directory;
};

/** Whether strace is there and allowed to do its work. */
bool canTrace();
