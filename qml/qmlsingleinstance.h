// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/activation.h>
#include <holdfast/app/activationreply.h>
#include <holdfast/app/singleinstance.h>

#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>
#include <QtQml/qqml.h>
#include <QtQml/qqmlparserstatus.h>

#include <memory>

namespace Holdfast {

/** Activation as a value: what a later start of the program asks for. */
struct QmlActivation
{
    Q_GADGET
    QML_FOREIGN(Holdfast::Activation)
    QML_VALUE_TYPE(activation)
};

/** ActivationReply as a value: what became of what this start has forwarded. */
struct QmlActivationReply
{
    Q_GADGET
    QML_FOREIGN(Holdfast::ActivationReply)
    QML_VALUE_TYPE(activationReply)
};

/** The C++ class itself: for the property `instance`, and for its words, as `SingleInstanceGuard.Unresponsive`. */
struct QmlSingleInstanceGuard
{
    Q_GADGET
    QML_FOREIGN(Holdfast::SingleInstance)
    QML_NAMED_ELEMENT(SingleInstanceGuard)
    QML_UNCREATABLE("SingleInstanceGuard is the C++ object behind a SingleInstance; create that.")
};

/**
 * SingleInstance in QML: one running program for each key.
 *
 * All items with the same key, scope and directory share one guard, in however many engines of this process, and each of them
 * hears every activation. A program whose main() has made the guard itself, as one must that wants to end before it shows a window,
 * hands it over as `instance`.
 */
class QmlSingleInstance
    : public QObject
    , public QQmlParserStatus
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QmlSingleInstance)
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(SingleInstance)
    Q_PROPERTY(QString key READ key WRITE setKey NOTIFY keyChanged FINAL)
    Q_PROPERTY(Scope scope READ scope WRITE setScope NOTIFY scopeChanged FINAL)
    Q_PROPERTY(QString directory READ directory WRITE setDirectory NOTIFY directoryChanged FINAL)
    Q_PROPERTY(double timeout READ timeout WRITE setTimeout NOTIFY timeoutChanged FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged FINAL)
    Q_PROPERTY(Holdfast::SingleInstance *instance READ instance WRITE setInstance NOTIFY instanceChanged FINAL)
    Q_PROPERTY(Status status READ status NOTIFY statusChanged FINAL)
    Q_PROPERTY(bool held READ isHeld NOTIFY statusChanged FINAL)
    Q_PROPERTY(Holdfast::LockHolder owner READ owner NOTIFY statusChanged FINAL)
    Q_PROPERTY(Holdfast::SingleInstance::Error error READ error NOTIFY errorChanged FINAL)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorChanged FINAL)

public:
    enum class Status {
        Idle,      ///< not elected
        Electing,  ///< for a moment
        Primary,   ///< this is the running program
        Secondary, ///< another one is
        Failed     ///< neither could be found out; errorString says why
    };
    Q_ENUM(Status)
    enum class Scope {
        User,    ///< one for each user of the machine
        Session, ///< one for each login of a user
        System   ///< one for the machine
    };
    Q_ENUM(Scope)

    explicit QmlSingleInstance(QObject *parent = nullptr);
    ~QmlSingleInstance() override; ///< the last item of a key gives it up, without signals

    QString key() const { return m_wish.key; } ///< empty (initial): domain and name of the application
    void setKey(const QString &key);

    Scope scope() const { return m_wish.scope; } ///< initially User
    void setScope(Scope scope);

    QString directory() const { return m_wish.directory; } ///< see SingleInstance::directory()
    void setDirectory(const QString &directory);

    double timeout() const { return m_timeout; } ///< ms; initially 5000; of the item that makes the guard
    void setTimeout(double msecs);

    bool isActive() const { return m_active; } ///< initially true: whether this item takes part
    void setActive(bool active);

    SingleInstance *instance() const; ///< the guard it listens to; null: none
    void setInstance(SingleInstance *instance);

    Status status() const;
    bool isHeld() const { return status() == Status::Primary; }
    LockHolder owner() const { return m_owner; } ///< who is primary, if that is another process; invalid: not known
    SingleInstance::Error error() const;
    QString errorString() const;

    void classBegin() override;
    void componentComplete() override;

public Q_SLOTS:
    /** Hands to the primary what this process was started with; forwarded() tells what became of it. */
    void forward();
    void standBy(); ///< a Secondary takes over when the primary has gone: promoted()

Q_SIGNALS:
    void activated(const Holdfast::Activation &activation);
    void forwarded(const Holdfast::ActivationReply &reply);
    void promoted();
    void unresponsive(const Holdfast::LockHolder &holder);
    void keyChanged();
    void scopeChanged();
    void directoryChanged();
    void timeoutChanged();
    void activeChanged();
    void instanceChanged();
    void statusChanged();
    void errorChanged();

private:
    struct Wish
    {
        QString key = {};
        Scope scope = Scope::User;
        QString directory = {};
        friend bool operator==(const Wish &, const Wish &) = default;
    };

    template<class Value>
    void change(Value &member, const Value &value, void (QmlSingleInstance::*changed)());
    void schedule();
    void carryOut();
    void attach(const std::shared_ptr<SingleInstance> &guard, bool isNews = false);
    bool isRefused() const;
    void listenTo(const SingleInstance &guard);
    std::shared_ptr<SingleInstance> guardOf(const Wish &wish) const;
    void handleStatus();
    void tellAll();

    Wish m_wish;
    double m_timeout = 5000;
    bool m_active = true;
    bool m_isComplete = true;
    bool m_isScheduled = false;
    Wish m_attached;
    QString m_nonsense; ///< why there is no guard, though one is wanted
    LockHolder m_owner;
    QPointer<SingleInstance> m_given;         ///< by the program, which keeps it
    std::shared_ptr<SingleInstance> m_guard;  ///< what this item listens to
    std::shared_ptr<SingleInstance> m_former; ///< that of the key before, until the new one is decided
};

} // namespace Holdfast
