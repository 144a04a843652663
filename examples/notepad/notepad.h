// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/singleinstance.h>

#include <QQmlApplicationEngine>

#include <memory>
#include <optional>

class QQuickWindow;

/** The program without its event loop: what the command line says, whether it runs already, and the window. */
class Notepad
{
public:
    Notepad(); ///< reads the command line of the application object

    /** Hands @p activation to a notepad that runs already; then the exit status of this one. */
    std::optional<int> handOver(const Holdfast::Activation &activation);

    bool show(); ///< false: there is no window

    QQuickWindow *window() const;

private:
    QList<QUrl> m_documents;
    std::unique_ptr<Holdfast::SingleInstance> m_instance; ///< none: it runs beside others
    QQmlApplicationEngine m_engine;
};
