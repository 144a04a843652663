// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app_export.h>

#include <QtCore/qcbormap.h>
#include <QtCore/qlist.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>
#include <QtCore/qvariant.h>

#include <memory>

namespace Holdfast {

class ActivationTicket;

/**
 * What a program is asked to do by a later start of itself: its arguments, where it was started, and what lets a window come to the
 * front. A plain value that any number of copies may be made of.
 *
 * **To send one**: ofThisProcess(), *before* QGuiApplication is made, which takes the launcher's token out of the environment;
 * then urls and data as you please; then SingleInstance::startOrForward() or forward().
 *
 * **One that was received** is to be answered, because the other start waits for its exit status. finish() answers; so does
 * reject(). Who does neither has accepted it with exit status 0: when the handlers of SingleInstance::activated() have returned,
 * or, if the sender wants to wait until it is Finished, when the last copy is gone: keep one for as long as the document is open.
 *
 * @code
 * connect(&instance, &SingleInstance::activated, this, [this](const Activation &activation) {
 *     for (const QString &argument : activation.arguments.mid(1))
 *         open(activation.urlOf(argument));
 * });
 * @endcode
 *
 * Functions may be called from any thread, on different copies at the same time.
 */
struct HOLDFAST_APP_EXPORT Activation
{
    Q_GADGET
    Q_PROPERTY(QStringList arguments MEMBER arguments FINAL)
    Q_PROPERTY(QString workingDirectory MEMBER workingDirectory FINAL)
    Q_PROPERTY(QList<QUrl> urls MEMBER urls FINAL)
    Q_PROPERTY(QString activationToken MEMBER activationToken FINAL)
    Q_PROPERTY(QString startupId MEMBER startupId FINAL)
    Q_PROPERTY(QVariantMap environment MEMBER environment FINAL)
    Q_PROPERTY(QVariantMap data READ dataAsVariant WRITE setDataFromVariant FINAL)
    Q_PROPERTY(Wait wait MEMBER wait FINAL)
    Q_PROPERTY(int senderProcessId READ senderNumber FINAL)
    Q_PROPERTY(bool finished READ isFinished FINAL)

public:
    /** What the sender waits for. */
    enum class Wait {
        UntilHandled, ///< until the handlers have returned
        UntilFinished ///< as `$EDITOR` is waited for: until finish(), or the last copy is gone
    };
    Q_ENUM(Wait)

    QStringList arguments = {};     ///< all of them, the program's name first
    QString workingDirectory = {};  ///< of the sender
    QList<QUrl> urls = {};          ///< what to open, if the sender has found that out; not filled by ofThisProcess()
    QString activationToken = {};   ///< XDG_ACTIVATION_TOKEN: Wayland's permission to raise a window
    QString startupId = {};         ///< DESKTOP_STARTUP_ID: the same on X11
    QVariantMap environment = {};   ///< those variables that the sender has chosen to send, as strings
    QCborMap data = {};             ///< whatever else the two want to say
    Wait wait = Wait::UntilHandled; ///< chosen by the sender
    qint64 senderProcessId = 0;     ///< as the kernel says; 0: unknown, or this process itself
    unsigned senderUserId = UnknownUser; ///< as the kernel says

    static constexpr unsigned UnknownUser = 0xffffffffu;

    /** Arguments, working directory, activationToken and startupId of this process, and the variables called @p environment. Reads
        the environment, and for those two, which QGuiApplication takes out, also what it was when the process started; changes
        nothing. Arguments and names are decoded as the locale says, so one that is not valid there does not arrive as it was: put
        bytes into data. */
    static Activation ofThisProcess(int argc, const char *const *argv, const QStringList &environment = {});

    /** The same without arguments given: those of QCoreApplication, which must exist. */
    static Activation ofThisProcess(const QStringList &environment = {});

    /** What @p argument means to the sender: an URL as it is, a path relative to workingDirectory. Does not look whether it exists. */
    Q_INVOKABLE QUrl urlOf(const QString &argument) const;

    /** Answers that it was accepted and is done with: the sender's program ends with @p exitCode, and has @p answer as data. Only the first answer of all
        copies counts. On one that was not received it does nothing. */
    void finish(int exitCode, const QCborMap &answer) const;
    Q_INVOKABLE void finish(int exitCode = 0, const QVariantMap &answer = {}) const;

    /** Answers that it will not be done, and @p why, for people. */
    Q_INVOKABLE void reject(const QString &why) const;

    bool isFinished() const; ///< whether it has been answered, or need not be

private:
    friend class ActivationTicket;
    int senderNumber() const { return static_cast<int>(senderProcessId); } // of 64 bits, QML's tools know nothing
    QVariantMap dataAsVariant() const;
    void setDataFromVariant(const QVariantMap &map);

    std::shared_ptr<ActivationTicket> m_ticket = {};
};

} // namespace Holdfast

Q_DECLARE_METATYPE(Holdfast::Activation)
