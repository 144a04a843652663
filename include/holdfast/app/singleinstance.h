// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/activation.h>
#include <holdfast/app/activationreply.h>
#include <holdfast/lockholder.h>

#include <QtCore/qfuture.h>
#include <QtCore/qobject.h>

#include <chrono>
#include <memory>
#include <optional>

namespace Holdfast {
class SingleInstancePrivate;

/**
 * One running program for each user, session, machine, or whatever the key names; later starts hand over what they were asked to
 * do, and end with the exit status that the running one gives them.
 *
 * @code
 * int main(int argc, char **argv)
 * {
 *     const auto launch = Holdfast::Activation::ofThisProcess(argc, argv); // before QGuiApplication
 *     QGuiApplication app(argc, argv);
 *     Holdfast::SingleInstance instance(u"org.example.Notes"_qs);
 *     if (const auto exitCode = instance.startOrForward(launch))
 *         return *exitCode; // another one runs, and has it; or what went wrong is in errorString()
 *     QObject::connect(&instance, &Holdfast::SingleInstance::activated, openDocuments);
 *     return app.exec();
 * }
 * @endcode
 *
 * **How.** The primary is whoever holds a FileLock on a file in a directory that nobody else may write to; no process number is
 * believed. It listens on a local socket beside that file. Both ends ask the kernel for the other's user.
 *
 * | status    | is left for                                                                                       |
 * |-----------|---------------------------------------------------------------------------------------------------|
 * | Idle      | Electing by start(); any of the others by tryStart(), startOrForward()                            |
 * | Electing  | Primary, Secondary or Failed, once the program is back in its event loop                          |
 * | Primary   | Idle by stop(); Failed when the lock file was removed and another process became primary          |
 * | Secondary | Primary when the primary has gone, while forwarding or after standBy(): promoted(); Idle by stop() |
 * | Failed    | error() says why. Never a disguise of Secondary. start() tries again                              |
 *
 * - **The primary dies**: the kernel lets go of its lock; who forwards at that moment becomes the primary, or its secondary.
 * - **It does not answer**: unresponsive(), then as whenUnresponsive() says. It is never killed.
 * - **Files are removed**: the primary makes them anew; should another process have been quicker, it is Failed with Displaced.
 * - **Machine sleeps**: nothing happens. **Network disk**: the socket serves one machine; keep the directory on a local one.
 * - **Threads**: belongs to the thread that made it; signals need its event loop. **fork()**: of no use in the child.
 */
class HOLDFAST_APP_EXPORT SingleInstance : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SingleInstance)
    Q_PROPERTY(QString key READ key WRITE setKey NOTIFY keyChanged FINAL)
    Q_PROPERTY(Scope scope READ scope WRITE setScope NOTIFY scopeChanged FINAL)
    Q_PROPERTY(QString directory READ directory WRITE setDirectory NOTIFY directoryChanged FINAL)
    Q_PROPERTY(Access access READ access WRITE setAccess NOTIFY accessChanged FINAL)
    Q_PROPERTY(int timeout READ timeoutMsecs WRITE setTimeoutMsecs NOTIFY timeoutChanged FINAL)
    Q_PROPERTY(qint64 maximumSize READ maximumSize WRITE setMaximumSize NOTIFY maximumSizeChanged FINAL)
    Q_PROPERTY(WhenUnresponsive whenUnresponsive READ whenUnresponsive WRITE setWhenUnresponsive NOTIFY
                   whenUnresponsiveChanged FINAL)
    Q_PROPERTY(Status status READ status NOTIFY statusChanged FINAL)
    Q_PROPERTY(bool primary READ isPrimary NOTIFY statusChanged FINAL)
    Q_PROPERTY(Error error READ error NOTIFY errorChanged FINAL)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorChanged FINAL)

public:
    enum class Status { Idle, Electing, Primary, Secondary, Failed };
    Q_ENUM(Status)
    enum class Scope {
        User,    ///< one for each user of the machine
        Session, ///< one for each login of a user (XDG_SESSION_ID, the kernel's session number, or the display)
        System   ///< one for the machine; see directory()
    };
    Q_ENUM(Scope)
    /** Who may be the other end. */
    enum class Access {
        SameUser, ///< files and sockets for this user only, and the kernel's word for who connects
        Everyone  ///< whoever may enter the directory, whose permissions decide
    };
    Q_ENUM(Access)
    /** What becomes of a forwarding when the primary gave no sign of life for timeout(). */
    enum class WhenUnresponsive {
        Fail,     ///< it ends as Unresponsive
        Wait,     ///< it goes on waiting, until its deadline
        RunAnyway ///< it ends as Unresponsive, and startOrForward() lets the program run unguarded, as a Secondary
    };
    Q_ENUM(WhenUnresponsive)
    /** Why something failed; errorString() is the sentence. Programs tell each other the numbers: new ones come last. */
    enum class Error {
        None,
        InvalidArgument, ///< a key, directory, time or size that means nothing
        Misuse,          ///< a call that is not allowed now
        NoSession,       ///< Scope::Session, and nothing tells which session this is
        NoDirectory,     ///< the directory cannot be made or entered
        NotPrivate,      ///< the directory, or a file there, belongs to somebody else or is open to others
        CannotElect,     ///< the lock file cannot be locked: no descriptors, disk full, not permitted
        CannotListen,    ///< elected, but there can be no socket; another start may become the primary
        OtherUser,       ///< who answers, or asks, is another user
        Unresponsive,    ///< the primary gives no sign of life
        TooLarge,        ///< an activation or answer is larger than maximumSize(), or has more than a million entries
        OtherProtocol,   ///< who answers speaks another language: an other version of this library, or no part of it
        Displaced,       ///< the lock file was removed or replaced, and another process became primary meanwhile
        Unsupported,     ///< this system has no part of it yet
        CannotConnect    ///< the primary cannot be reached: no descriptors, no memory
    };
    Q_ENUM(Error)

    explicit SingleInstance(QObject *parent = nullptr); ///< touches nothing, here and with a key
    explicit SingleInstance(const QString &key, QObject *parent = nullptr);
    ~SingleInstance() override; ///< stop(), without signals

    /** Any text, the same for all starts: a program's id, a profile directory, a document. Empty (initial): domain and name of the
        application. All setters answer false, with Misuse or InvalidArgument, when they refuse; allowed in Idle and Failed. */
    QString key() const;
    bool setKey(const QString &key);
    Scope scope() const; ///< initially User
    bool setScope(Scope scope);
    /** Empty (initial): `$XDG_RUNTIME_DIR/holdfast`, in a Flatpak the folder there that its runs share, else
        `/tmp/holdfast-UID`; for Scope::System `/run/holdfast`. It is made when missing, for its owner only (0700), and refused
        if somebody else owns it or may write to it. One that you choose may be open to others if only the owners of files can
        remove them (sticky), or with Access::Everyone; files there are refused if they are somebody else's. */
    QString directory() const;
    bool setDirectory(const QString &directory);
    Access access() const; ///< initially SameUser
    bool setAccess(Access access);
    /** How long the other end may be silent: a primary that gives no sign of life is unresponsive after it, an answer is not waited
        for longer unless the sender wants it, and a connection without a whole activation is closed. Initially 5 s, at least 1 ms. */
    std::chrono::milliseconds timeout() const;
    bool setTimeout(std::chrono::milliseconds timeout);
    qint64 maximumSize() const; ///< of activations as sent, and of answers; initially 16 MiB, at most 1 GiB
    bool setMaximumSize(qint64 bytes);
    WhenUnresponsive whenUnresponsive() const; ///< initially Fail
    bool setWhenUnresponsive(WhenUnresponsive policy);
    Status status() const;
    bool isPrimary() const;      ///< whether status() is Primary
    Error error() const;         ///< of the last operation; Unresponsive and the like do not end the status
    QString errorString() const; ///< one sentence: what, why, and what to do; empty when None

    /** Who is primary: as the kernel tells of the lock, so nobody when that is in another container. Read now. */
    Q_INVOKABLE Holdfast::LockHolder holder() const;
    qintptr descriptor() const; ///< of the primary's lock, which a child that inherits it keeps, too; -1: none

    /** One election, now: Primary, Secondary or Failed. Takes two or three file operations. */
    Status tryStart();

    /** What main() needs before exec(): tryStart(), and as a Secondary forwardAndWait(). Nothing: go on, this is the primary, or
        WhenUnresponsive::RunAnyway says so. A number: end with it. */
    std::optional<int> startOrForward(const Activation &activation,
                                      std::chrono::milliseconds deadline = std::chrono::milliseconds(-1));

    /** Hands @p activation to the primary and blocks until it has ended, at most @p deadline (-1 ms: as long as it takes), without an
        event loop. Gives the exit status for this process: the primary's if Accepted; 0 if Unanswered or Primary; 1 if Rejected; 75
        (EX_TEMPFAIL) if Unresponsive; else 70 (EX_SOFTWARE). @p reply gets the whole answer. When the primary dies or leaves before
        the end there is a new election, and this process becomes the primary, or hands it to the new one: an activation reaches a
        primary at least once, and twice only if the first one died with it. */
    int forwardAndWait(const Activation &activation, std::chrono::milliseconds deadline = std::chrono::milliseconds(-1),
                       ActivationReply *reply = nullptr);

    /** The same without blocking, also while Electing. Cancelling the future gives it up, unless it is sent already. */
    QFuture<Holdfast::ActivationReply> forward(const Activation &activation);

public Q_SLOTS:
    void start();   ///< elects, later, in this thread: statusChanged(). Refused (Misuse) unless Idle or Failed
    void standBy(); ///< a Secondary takes over when the primary has gone: promoted(), however long that takes
    /** Idle again. A primary tells those who wait that it is leaving, or that what they wait for is finished (it waits half a
        second at most for who reads a large answer), and lets go. For a program about to start itself anew, and at the end of main(). */
    void stop();
    /** Lets activated() come as if @p activation had been received: for this process's own start, files that the desktop sends
        (QFileOpenEvent; see <holdfast/gui/windowactivation.h>), D-Bus. */
    void activate(const Holdfast::Activation &activation);

Q_SIGNALS:
    /** Somebody started the program again. One at a time: the next comes when all handlers have returned, also if one opens a
        dialog. Those that come before anything is connected are kept. A handler may delete this object. */
    void activated(const Holdfast::Activation &activation);
    void promoted();                                       ///< a Secondary has become Primary
    void unresponsive(const Holdfast::LockHolder &holder); ///< once for each forwarding
    void statusChanged();
    void errorChanged();
    void keyChanged();
    void scopeChanged();
    void directoryChanged();
    void accessChanged();
    void timeoutChanged();
    void maximumSizeChanged();
    void whenUnresponsiveChanged();

private:
    friend class SingleInstancePrivate;
    void connectNotify(const QMetaMethod &signal) override;
    int timeoutMsecs() const;
    void setTimeoutMsecs(int msecs);
    const std::unique_ptr<SingleInstancePrivate> d;
};

} // namespace Holdfast
