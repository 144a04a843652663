// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/singleinstance.h>
#include <holdfast/gui/x11startup.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtGui/qevent.h>
#include <QtGui/qwindow.h>

namespace Holdfast {

/**
 * Shows @p window, above the others, with the permission that came with @p activation; for a handler of SingleInstance::activated().
 * Call it in the GUI thread. All of it is in this header, so that the libraries need no Qt Gui: your program links it anyway.
 *
 * - **Wayland**: only who has a token may raise a window. Qt takes it from XDG_ACTIVATION_TOKEN when it asks the compositor, and takes
 *   the variable away (the xdg-activation protocol). Without a token nothing happens to a window that is there already.
 * - **X11**: the window gets the startup id (`_NET_STARTUP_ID`), the window manager is asked for the focus with the time that is in it
 *   (`_NET_ACTIVE_WINDOW`), and the launcher is told that the start is over (`remove:`), by the Startup Notification Protocol and the
 *   Extended Window Manager Hints of freedesktop.org. The window manager decides. An activation that has a token only has that
 *   for its id, for launchers give both the same. It waits for the X server a few times, as long as that takes.
 * - On X11 a window that does not come to the front flashes in the task bar instead.
 */
inline void bringToFront(QWindow *window, const Activation &activation)
{
    if (!activation.activationToken.isEmpty())
        qputenv("XDG_ACTIVATION_TOKEN", activation.activationToken.toUtf8());
    if (window->windowStates().testFlag(Qt::WindowMinimized))
        window->setWindowStates(window->windowStates() & ~Qt::WindowMinimized);
    const X11::Startup startup(
        window, (activation.startupId.isEmpty() ? activation.activationToken : activation.startupId).toUtf8());
    window->show();
    window->raise();
    window->requestActivate();
    startup.finish();
    qunsetenv("XDG_ACTIVATION_TOKEN"); // where Qt has no use for it, programs that are started later must not get it
    if (!window->isActive())
        window->alert(0); // until it is looked at; one that has become active meanwhile does not flash
}

/**
 * Turns the files that the desktop asks the application to open (QFileOpenEvent, on macOS instead of arguments) into activations
 * with one URL. Lives as long as @p instance.
 */
class FileOpenEvents : public QObject
{
public:
    explicit FileOpenEvents(SingleInstance *instance) : QObject(instance), m_instance(instance)
    {
        QCoreApplication::instance()->installEventFilter(this);
    }

    bool eventFilter(QObject *receiver, QEvent *event) override
    {
        if (event->type() != QEvent::FileOpen)
            return QObject::eventFilter(receiver, event);
        Activation activation;
        activation.urls = {static_cast<QFileOpenEvent *>(event)->url()};
        m_instance->activate(activation);
        return true;
    }

private:
    SingleInstance *const m_instance;
};

} // namespace Holdfast
