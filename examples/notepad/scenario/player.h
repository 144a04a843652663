// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>

/** A notepad in a process of its own, used from here. Each function throws a std::runtime_error when that does not work. */
class Player
{
public:
    /** Starts @p program; its window is there when this returns. */
    Player(QString name, const QString &program, const QStringList &arguments);
    ~Player(); ///< closes it

    void click(const QString &what) { say({"click", what}); }
    void press(const QString &keys) { say({"key", keys}); }
    void type(const QString &text) { say({"type", text}); }
    void call(const QString &what, const QString &method, const QString &address = {})
    {
        say({"call", what, method, address});
    }
    void picture(const QString &file) { say({"picture", file}); }
    void await(const QString &what, const QString &property, const QString &value)
    {
        say({"await", what, property, value});
    }
    void awaitOther(const QString &what, const QString &property, const QString &value)
    {
        say({"awaitOther", what, property, value});
    }
    QString get(const QString &what, const QString &property) { return say({"get", what, property}); }

    void close(); ///< as its user would, and waits for its end
    void kill();  ///< with SIGKILL
    void stop();  ///< with SIGSTOP: it gets no turn
    void goOn();
    int end(); ///< waits until it has ended by itself; its exit status

    qint64 processId() const { return m_process.processId(); }

private:
    QString say(const QStringList &words);

    const QString m_name;
    QProcess m_process;
};
