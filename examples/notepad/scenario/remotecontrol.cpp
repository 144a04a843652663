// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "remotecontrol.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QKeySequence>
#include <QMetaMethod>
#include <QMouseEvent>
#include <QQuickItem>
#include <QQuickWindow>
#include <QSocketNotifier>
#include <QTimer>
#include <QUrl>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

namespace {

// A line break within a value is written as in C.
void answer(const QString &why, const QString &value = {})
{
    const QString line = why.isEmpty() ? (value.isEmpty() ? QString("ok") : "ok\t" + value) : "no\t" + why;
    std::puts(QString(line).replace('\n', "\\n").toUtf8().constData());
    std::fflush(stdout);
}

QQuickItem *findBelow(QQuickItem *item, const QString &name)
{
    if (!item->isVisible())
        return nullptr;
    if (item->objectName() == name)
        return item;
    for (QQuickItem *child : item->childItems()) {
        if (QQuickItem *found = findBelow(child, name))
            return found;
    }
    return nullptr;
}

QString asText(const QVariant &value)
{
    if (value.canConvert<QUrl>() && value.typeId() == QMetaType::QUrl)
        return value.toUrl().toString();
    return value.toString();
}

} // namespace

RemoteControl::RemoteControl(QQuickWindow *window)
    : m_window(window), m_notifier(new QSocketNotifier(0, QSocketNotifier::Read, this))
{
    m_input.open(stdin, QIODevice::ReadOnly | QIODevice::Unbuffered);
    connect(m_notifier, &QSocketNotifier::activated, this, &RemoteControl::read);
}

void RemoteControl::read()
{
    const QByteArray bytes = m_input.read(4096);
    if (bytes.isEmpty()) {
        m_notifier->setEnabled(false);
        return QCoreApplication::quit();
    }
    m_buffer.append(bytes);
    for (qsizetype end = 0; (end = m_buffer.indexOf('\n')) >= 0;) {
        const QString line = QString::fromUtf8(m_buffer.first(end));
        m_buffer.remove(0, end + 1);
        carryOut(line.split('\t'));
    }
}

void RemoteControl::carryOut(const QStringList &words)
{
    const QString verb = words.value(0);
    QString value;
    if (verb == "click")
        afterNextFrame([this, words] { answer(click(words.value(1))); });
    else if (verb == "key")
        whenActive([this, words] { answer(press(words.value(1))); });
    else if (verb == "type")
        whenActive([this, words] { answer(type(words.value(1))); });
    else if (verb == "get") {
        const QString why = get(words.value(1), words.value(2), &value);
        answer(why, value);
    } else if (verb == "await" || verb == "awaitOther")
        await(words);
    else if (verb == "call")
        answer(call(words.value(1), words.value(2), words.value(3)));
    else if (verb == "picture")
        answer(takePicture(words.value(1)));
    else
        answer("there is no command " + verb);
}

// What has just appeared has its place only when it has been drawn.
void RemoteControl::afterNextFrame(std::function<void()> task)
{
    connect(m_window, &QQuickWindow::frameSwapped, this, std::move(task),
            Qt::ConnectionType(Qt::QueuedConnection | Qt::SingleShotConnection));
    m_window->update();
}

// Shortcuts are heard by the active window alone.
void RemoteControl::whenActive(std::function<void()> task)
{
    if (m_window->isActive())
        return task();
    connect(m_window, &QWindow::activeChanged, this, std::move(task),
            Qt::ConnectionType(Qt::QueuedConnection | Qt::SingleShotConnection));
    m_window->requestActivate();
}

// Whoever asks has a deadline of his own; commands that come meanwhile are carried out meanwhile.
void RemoteControl::await(const QStringList &words)
{
    QString value;
    const bool isWanted = words.first() == "await";
    if (get(words.value(1), words.value(2), &value).isEmpty() && (value == words.value(3)) == isWanted)
        return answer({});
    QTimer::singleShot(10ms, this, [this, words] { await(words); });
}

QString RemoteControl::click(const QString &name)
{
    QQuickItem *item = findItem(name);
    if (!item || !item->isEnabled())
        return name + (item ? " is disabled" : " is not to be seen");
    const QPointF place = item->mapToScene({item->width() / 2, item->height() / 2});
    const QPointF onScreen = m_window->mapToGlobal(place);
    for (const QEvent::Type step : {QEvent::MouseMove, QEvent::MouseButtonPress, QEvent::MouseButtonRelease}) {
        const Qt::MouseButton button = step == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
        const Qt::MouseButtons down = step == QEvent::MouseButtonPress ? Qt::LeftButton : Qt::NoButton;
        QMouseEvent event(step, place, onScreen, button, down, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window, &event);
    }
    return {};
}

QString RemoteControl::press(const QString &sequence)
{
    const QKeySequence keys(sequence);
    if (keys.isEmpty())
        return sequence + " is no key";
    for (const QEvent::Type step : {QEvent::ShortcutOverride, QEvent::KeyPress, QEvent::KeyRelease}) {
        QKeyEvent event(step, keys[0].key(), keys[0].keyboardModifiers());
        QCoreApplication::sendEvent(m_window, &event);
    }
    return {};
}

QString RemoteControl::type(const QString &text)
{
    for (const QChar character : text) {
        for (const QEvent::Type step : {QEvent::KeyPress, QEvent::KeyRelease}) {
            QKeyEvent event(step, 0, Qt::NoModifier, character);
            QCoreApplication::sendEvent(m_window, &event);
        }
    }
    return {};
}

QString RemoteControl::get(const QString &name, const QString &property, QString *value) const
{
    const QObject *object = find(name);
    if (!object)
        return name + " is not there";
    const QVariant found = object->property(property.toUtf8().constData());
    if (!found.isValid())
        return name + " has no property " + property;
    *value = asText(found);
    return {};
}

QString RemoteControl::call(const QString &name, const QString &method, const QString &address)
{
    QObject *object = find(name);
    if (!object)
        return name + " is not there";
    const QByteArray function = method.toUtf8();
    const bool isCalled = address.isEmpty() ? QMetaObject::invokeMethod(object, function.constData())
                                            : QMetaObject::invokeMethod(object, function.constData(),
                                                                        Q_ARG(QVariant, QVariant(QUrl(address))));
    return isCalled ? QString() : name + " has no such method " + method;
}

QString RemoteControl::takePicture(const QString &file)
{
    return m_window->grabWindow().save(file) ? QString() : "cannot save " + file;
}

QObject *RemoteControl::find(const QString &name) const
{
    if (name == "window")
        return m_window;
    auto *page = m_window->property("page").value<QObject *>();
    if (name == "page")
        return page;
    if (QQuickItem *item = findItem(name))
        return item;
    QObject *ofPage = page ? page->findChild<QObject *>(name) : nullptr;
    return ofPage ? ofPage : m_window->findChild<QObject *>(name);
}

QQuickItem *RemoteControl::findItem(const QString &name) const
{
    return findBelow(m_window->contentItem(), name);
}
