// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "app/instancesettings.h"
#include "engine/fork.h"
#include "os/localsocket.h"

#include <QtCore/qfilesystemwatcher.h>
#include <QtCore/qobject.h>
#include <QtCore/qset.h>
#include <QtCore/qsocketnotifier.h>

#include <functional>
#include <memory>
#include <optional>

namespace Holdfast {

class InstanceConnection;

/** The primary's ear: a local socket, and a connection for each who speaks to it. */
class InstanceServer : public QObject
{
    Q_OBJECT
public:
    /** @p place says where the socket is to be, as often as it is asked. */
    InstanceServer(const InstanceSettings &settings, std::function<os::SocketPlace()> place, QObject *parent = nullptr);
    ~InstanceServer() override;

    /** Listens; once more when it does already, at the same or another place. */
    InstanceFailure listen();

    void leave(); ///< tells all who are connected, and listens no more

Q_SIGNALS:
    void received(const Holdfast::Activation &activation);
    void movedAway(); ///< the directory is not where it was, or not there at all

private:
    void accept();
    void pause();
    void take(os::Descriptor socket);
    void lookWhetherItIsThere();
    void abandon();

    const InstanceSettings m_settings;
    const std::function<os::SocketPlace()> m_place;
    std::optional<os::LocalListener> m_listener;
    std::unique_ptr<QSocketNotifier> m_notifier;
    QFileSystemWatcher m_watcher;
    QSet<InstanceConnection *> m_connections;
    const unsigned m_generation = forkGeneration();
};

} // namespace Holdfast
