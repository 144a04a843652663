// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/singleinstance.h>

#include <QQmlApplicationEngine>

#include <functional>
#include <memory>
#include <optional>

class QQuickWindow;

/** The program without its event loop: what the command line says, whether it runs already, and the window. */
class Notepad
{
public:
    Notepad(); ///< reads the command line of the application object

    /** Hands @p activation to a notepad that runs already; then the exit status of this one. Asks in a window of its own what to
        do if that does not answer. */
    std::optional<int> handOver(Holdfast::Activation activation);

    bool show(); ///< false: there is no window

    /** Is called with each window that appears, and with null before it goes. */
    void setWindowWatcher(std::function<void(QQuickWindow *)> watcher) { m_watcher = std::move(watcher); }

private:
    bool load(QQmlApplicationEngine &engine, const QString &file, const QVariantMap &properties);
    std::optional<int> askWhetherToWait(const Holdfast::Activation &activation, int unless);

    std::function<void(QQuickWindow *)> m_watcher;
    QList<QUrl> m_documents;
    std::unique_ptr<Holdfast::SingleInstance> m_instance; ///< none: it runs beside others
    QQmlApplicationEngine m_engine;
};
