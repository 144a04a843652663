// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/mailbox.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>

namespace Holdfast {

namespace {

const QEvent::Type MessageType = static_cast<QEvent::Type>(QEvent::registerEventType());

class MessageEvent : public QEvent
{
public:
    explicit MessageEvent(std::function<void()> action) : QEvent(MessageType), message(std::move(action)) { }
    const std::function<void()> message;
};

} // namespace

void Mailbox::post(std::function<void()> message)
{
    const std::scoped_lock lock(m_mutex);
    if (m_owner)
        QCoreApplication::postEvent(m_owner, new MessageEvent(std::move(message)));
}

void Mailbox::close()
{
    const std::scoped_lock lock(m_mutex);
    m_owner = nullptr;
}

bool Mailbox::deliver(QEvent *event)
{
    if (event->type() != MessageType)
        return false;
    static_cast<MessageEvent *>(event)->message();
    return true;
}

} // namespace Holdfast
