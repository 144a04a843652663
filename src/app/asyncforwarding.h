// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "app/forwarding.h"

#include <QtCore/qfuturewatcher.h>
#include <QtCore/qobject.h>
#include <QtCore/qpromise.h>

#include <memory>

namespace Holdfast {

class SingleInstancePrivate;

/** One forward(): from primary to primary, until one has answered, or this process is the primary. */
class AsyncForwarding : public QObject
{
    Q_OBJECT
public:
    AsyncForwarding(SingleInstancePrivate &instance, const Activation &activation);
    ~AsyncForwarding() override; ///< an unfinished one is Cancelled

    QFuture<ActivationReply> future() const { return m_promise.future(); }
    void follow(); ///< does what the status of the instance asks for
    void finish(const ActivationReply &reply);

Q_SIGNALS:
    void silent(); ///< once
    void ended();

private:
    void attempt();
    void handle(const ClientEnd &end);
    void handleAbsence();
    void complain();
    void dropClient();

    SingleInstancePrivate &m_instance;
    const QByteArray m_message;
    const Activation::Wait m_wait;
    QPromise<ActivationReply> m_promise;
    QFutureWatcher<ActivationReply> m_watcher;
    std::unique_ptr<InstanceClient> m_client;
    QTimer m_pause;
    Absence m_absence;
    bool m_hasComplained = false;
    bool m_isEnded = false;
};

} // namespace Holdfast
