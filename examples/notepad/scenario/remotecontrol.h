// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QFile>
#include <QObject>
#include <QStringList>

#include <functional>

class QQuickItem;
class QQuickWindow;
class QSocketNotifier;

/**
 * Uses the program as a person would, on behalf of a process that speaks over standard input: one command in a line, its words
 * separated by tabs; one line of answer each, "ok" and perhaps a tab and a value, or "no", a tab and why not.
 *
 *     click NAME          presses and releases the left button in the middle of what is called NAME
 *     key SEQUENCE        such as Ctrl+S, to whatever has the focus
 *     type TEXT           to whatever has the focus
 *     get NAME PROPERTY   its value as text
 *     await NAME PROPERTY VALUE   waits until it has that value
 *     call NAME METHOD [ADDRESS]  for what a native file dialog would ask for
 *     picture FILE        saves what the window shows
 */
class RemoteControl : public QObject
{
public:
    explicit RemoteControl(QQuickWindow *window);

private:
    void read();
    void carryOut(const QStringList &words);
    void await(const QStringList &words);
    void afterNextFrame(std::function<void()> task);
    void whenActive(std::function<void()> task);

    QString click(const QString &name);
    QString press(const QString &sequence);
    QString type(const QString &text);
    QString get(const QString &name, const QString &property, QString *value) const;
    QString call(const QString &name, const QString &method, const QString &address);
    QString takePicture(const QString &file);

    QObject *find(const QString &name) const;
    QQuickItem *findItem(const QString &name) const;

    QQuickWindow *const m_window;
    QSocketNotifier *const m_notifier;
    QFile m_input;
    QByteArray m_buffer;
};
