// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include <QtCore/qobject.h>
#include <QtQml/qqml.h>
#include <QtQml/qqmlparserstatus.h>

#include <utility>

namespace Holdfast {

/**
 * What every lock has in common in QML: what is wanted, what is the case, and the verbs.
 *
 * *Wanted*: `active`, `path` and the options, written by the program and never from inside. *The case*: `status`, `held`,
 * `owner`, `error`. Changes of what is wanted take effect together in the next turn of the event loop, so that bindings may
 * change in any order and as often as they like. Verbs act at once.
 *
 * A path that changes while it is held is a transfer: the lock on the new path is acquired first, and only then is the old one
 * given back. Meanwhile `held` is false, because what `path` says is not held, and `heldPath` says what is.
 */
class QmlLock
    : public QObject
    , public QQmlParserStatus
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QmlLock)
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(AbstractLock)
    QML_UNCREATABLE("AbstractLock is what the locks have in common; create a FileLock, a ReadWriteLock ...")
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged FINAL)
    Q_PROPERTY(double timeout READ timeout WRITE setTimeout NOTIFY timeoutChanged FINAL)
    Q_PROPERTY(Status status READ status NOTIFY statusChanged FINAL)
    Q_PROPERTY(bool held READ isHeld NOTIFY heldChanged FINAL)
    Q_PROPERTY(QString heldPath READ heldPath NOTIFY heldPathChanged FINAL)
    Q_PROPERTY(Holdfast::LockHolder owner READ owner NOTIFY ownerChanged FINAL)
    Q_PROPERTY(Holdfast::LockError error READ error NOTIFY errorChanged FINAL)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorChanged FINAL)
    Q_PROPERTY(Holdfast::LossReason lossReason READ lossReason NOTIFY lossReasonChanged FINAL)

public:
    enum class Status {
        Idle,          ///< neither held nor wanted; also after cancel() and release(), whatever active says
        Waiting,       ///< being acquired
        Held,          ///< what path says is held
        LockedByOther, ///< somebody else had it for the whole timeout; owner says who, if that is known
        Lost,          ///< the hold is gone, and not by release(); see lossReason
        Error          ///< could not be tried; errorString says why
    };
    Q_ENUM(Status)

    ~QmlLock() override; ///< ends a wait and gives back what is held, without signals and without waiting for a disk

    QString path() const { return m_path; }
    void setPath(const QString &path);

    bool isActive() const { return m_active; } ///< initially false
    void setActive(bool active);

    double timeout() const
    {
        return m_timeout;
    } ///< ms; -1 (initial) for ever, 0 one attempt; counts for the next attempt
    void setTimeout(double msecs);

    Status status() const { return m_facts.status; }
    bool isHeld() const { return m_facts.status == Status::Held; }
    QString heldPath() const { return m_facts.heldPath; } ///< what is held, if not (yet) path; empty: nothing
    LockHolder owner() const { return m_facts.owner; }    ///< who else has it, as last looked up; invalid: not known
    LockError error() const { return m_facts.error; }
    QString errorString() const { return m_facts.errorString; } ///< one sentence; empty: nothing went wrong
    LossReason lossReason() const { return m_facts.lossReason; }

    /** Whether it is held, asked from the disk and the clock now; see AbstractLock::verifyHeld(). */
    Q_INVOKABLE virtual bool verifyHeld() = 0;

    void classBegin() override;
    void componentComplete() override;

public Q_SLOTS:
    void acquire(); ///< starts to acquire, unless it is held or waited for; active stays as it is
    /** Gives back what is held; false: that failed at once, and errorString says why. Where disks can stall it goes on after this
        call, until released(); should it fail then, that is told by errorOccurred(), and status is Held again. */
    bool release();
    void cancel(); ///< ends a wait as cancelled(); what is held stays held

Q_SIGNALS:
    void acquired();
    void timedOut();
    void cancelled();
    void errorOccurred(Holdfast::LockError error);
    void released();
    void lost(Holdfast::LossReason reason);
    void contended(const Holdfast::LockHolder &owner); ///< found it busy, and has looked up who has it
    void pathChanged();
    void activeChanged();
    void timeoutChanged();
    void statusChanged();
    void heldChanged();
    void heldPathChanged();
    void ownerChanged();
    void errorChanged();
    void lossReasonChanged();

protected:
    enum class Task { None, Start, Stop };
    struct Facts
    {
        Status status = Status::Idle;
        QString heldPath = {};
        LockHolder owner = {};
        LockError error = LockError::None;
        QString errorString = {};
        LossReason lossReason = LossReason::None;
    };

    QmlLock(double timeout, QObject *parent);

    enum class Giving {
        Nothing, ///< was held
        Begun,   ///< and will be told by released(), or by an error, and then it is still held
        Done,
        Failed ///< it is still held, and why has been reported
    };
    virtual void start() = 0;               ///< begins to acquire what is wished, unless that is under way
    virtual Giving giveBack() = 0;          ///< whatever is held
    virtual bool abandon() = 0;             ///< ends a wait; whether there was one
    virtual bool turn() = 0;                ///< to another path or mode, which is wished now; true: that is held
    virtual QString pathOfHold() const = 0; ///< of what is held if status says Held, or else is held all the same
    void retarget();                        ///< another path or mode is wished; only after completion

    /** Why what is wished cannot be tried at all, in a sentence; empty: it can. */
    virtual QString obstacle() const;
    bool isComplete() const { return m_isComplete; }
    void schedule(Task task);
    void forgetSchedule() { m_task = Task::None; }       ///< what is done now is what was asked last
    virtual bool isIntended() const { return m_active; } ///< whether the program wants it held
    void followIntent();                                 ///< isIntended() may say something else now
    void begin();                                        ///< start(), and forgets what was scheduled

    const Facts &facts() const { return m_facts; }
    bool enter(Status status);                         ///< all other facts empty
    void fail(LockError error, const QString &text);   ///< status Error
    void report(LockError error, const QString &text); ///< an error that leaves the status as it is

    /** The one place that tells of changes: after all of them are made, and with handlers that may destroy this object. False:
        one did. */
    bool publish(Facts facts);

    /** Sets an option that counts for the next attempt; whether it is another one than before. */
    template<class Value>
    static bool setOption(Value &option, const Value &value)
    {
        return std::exchange(option, value) != value;
    }

private:
    bool isWanted() const; ///< held, waited for, or active
    void carryOut();

    Facts m_facts;
    QString m_path;
    double m_timeout;
    Task m_task = Task::None;
    bool m_active = false;
    bool m_isComplete = true; ///< made without an engine, nobody calls classBegin()
    bool m_isScheduled = false;
};

} // namespace Holdfast
