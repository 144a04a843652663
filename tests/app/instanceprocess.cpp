// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// A program that wants to run once: told and answering in lines. Its arguments: directory, key, and settings as name=value.

#include <holdfast/app/singleinstance.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qsocketnotifier.h>

#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>

using Holdfast::Activation;
using Holdfast::ActivationReply;
using Holdfast::SingleInstance;

namespace {

void say(const QString &line)
{
    std::fputs((line + u'\n').toUtf8().constData(), stdout);
    std::fflush(stdout);
}

template<class Enum>
QString nameOf(Enum value)
{
    return QString::fromLatin1(QMetaEnum::fromType<Enum>().valueToKey(static_cast<int>(value))).toLower();
}

QString text(const ActivationReply &reply)
{
    return QStringLiteral("%1 %2").arg(nameOf(reply.outcome)).arg(reply.exitCode);
}

class Program
{
public:
    Program(const QStringList &arguments)
    {
        m_instance.setDirectory(arguments.at(1));
        m_instance.setKey(arguments.at(2));
        for (const QString &setting : arguments.mid(3))
            m_instance.setProperty(setting.section(u'=', 0, 0).toLatin1().constData(), setting.section(u'=', 1));
        QObject::connect(&m_instance, &SingleInstance::promoted, [] { say(QStringLiteral("promoted")); });
        QObject::connect(&m_instance, &SingleInstance::unresponsive, [](const Holdfast::LockHolder &holder) {
            say(QStringLiteral("unresponsive %1").arg(holder.processId));
        });
    }

    void obey(const QString &line)
    {
        const QStringList words = line.split(u' ');
        const QString verb = words.first();
        if (verb == u"start")
            sayStatus(m_instance.tryStart());
        else if (verb == u"status")
            sayStatus(m_instance.status());
        else if (verb == u"why")
            say(m_instance.errorString());
        else if (verb == u"handle")
            handle(words.value(1));
        else if (verb == u"main")
            runMain(words.mid(1));
        else if (verb == u"forward")
            forward(words.mid(1), {});
        else if (verb == u"send")
            send(words.at(1).toInt());
        else if (verb == u"sendMany")
            forward(QStringList(words.at(1).toInt(), QStringLiteral("a")), {});
        else if (verb == u"own") {
            qunsetenv("DESKTOP_STARTUP_ID"); // as QGuiApplication does on X11
            say(QStringLiteral("startup id ") + Activation::ofThisProcess().startupId);
        } else if (verb == u"standby")
            m_instance.standBy();
        else if (verb == u"stop")
            m_instance.stop();
        else if (verb == u"finish")
            finish(words.value(1).toInt(), words.value(2).toInt());
        else if (verb == u"finishAndStop") {
            finish(words.value(1).toInt(), words.value(2).toInt());
            m_instance.stop();
        } else if (verb == u"quit")
            QCoreApplication::quit();
    }

private:
    void sayStatus(SingleInstance::Status status)
    {
        say(status == SingleInstance::Status::Failed ? QStringLiteral("failed ") + nameOf(m_instance.error())
                                                     : nameOf(status));
    }

    void handle(const QString &how)
    {
        QObject::connect(&m_instance, &SingleInstance::activated, &m_context,
                         [this, how](const Activation &activation) {
                             say(QStringLiteral("activated ") + activation.arguments.join(u' '));
                             if (how == u"keep")
                                 m_kept += activation;
                             if (how == u"hang")
                                 ::pause();
                             if (how == u"finish")
                                 activation.finish(activation.arguments.value(0).toInt());
                             if (how == u"reject")
                                 activation.reject(QStringLiteral("not now"));
                         });
        say(QStringLiteral("handling"));
    }

    void runMain(const QStringList &arguments)
    {
        Activation activation;
        activation.arguments = arguments;
        if (arguments.contains(QStringLiteral("--block")))
            activation.wait = Activation::Wait::UntilFinished;
        const std::optional<int> exitCode = m_instance.startOrForward(activation);
        say(exitCode ? QStringLiteral("exit %1 %2").arg(*exitCode).arg(nameOf(m_instance.error()))
                     : nameOf(m_instance.status()));
    }

    void forward(const QStringList &arguments, const QCborMap &data)
    {
        Activation activation;
        activation.arguments = arguments;
        activation.data = data;
        ActivationReply reply;
        m_instance.forwardAndWait(activation, std::chrono::milliseconds(-1), &reply);
        say(text(reply));
    }

    void send(int bytes) { forward({}, QCborMap{{QStringLiteral("bytes"), QByteArray(bytes, 'x')}}); }

    void finish(int exitCode, int bytes)
    {
        for (const Activation &activation : std::exchange(m_kept, {}))
            activation.finish(exitCode, QCborMap{{QStringLiteral("bytes"), QByteArray(bytes, 'x')}});
    }

    SingleInstance m_instance;
    QObject m_context;
    QList<Activation> m_kept;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    Program program(app.arguments());
    say(QStringLiteral("ready"));
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    std::string pending;
    QObject::connect(&input, &QSocketNotifier::activated, [&] {
        char bytes[4096];
        const ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
        if (got <= 0)
            return app.quit();
        pending.append(bytes, static_cast<std::size_t>(got));
        for (std::size_t end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
            const QString line = QString::fromStdString(pending.substr(0, end));
            pending.erase(0, end + 1);
            program.obey(line);
        }
    });
    return app.exec();
}
