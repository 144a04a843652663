// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/activation.h>

#include "app/activationticket.h"
#include "os/process.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>

namespace Holdfast {

namespace {

// What QGuiApplication has taken out of the environment for itself is still in the one that this process was started with.
QString variable(const char *name)
{
    return qEnvironmentVariableIsSet(name) ? qEnvironmentVariable(name)
                                           : QString::fromLocal8Bit(os::initialVariable(name).c_str());
}

// The names that the desktop's launchers use: the XDG activation and startup notification protocols.
Activation withSurroundings(const QStringList &arguments, const QStringList &environment)
{
    Activation activation;
    activation.arguments = arguments;
    activation.workingDirectory = QDir::currentPath();
    activation.activationToken = variable("XDG_ACTIVATION_TOKEN");
    activation.startupId = variable("DESKTOP_STARTUP_ID");
    for (const QString &name : environment) {
        const QByteArray encoded = name.toLocal8Bit();
        if (qEnvironmentVariableIsSet(encoded.constData()))
            activation.environment.insert(name, qEnvironmentVariable(encoded.constData()));
    }
    return activation;
}

} // namespace

Activation Activation::ofThisProcess(int argc, const char *const *argv, const QStringList &environment)
{
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    return withSurroundings(arguments, environment);
}

Activation Activation::ofThisProcess(const QStringList &environment)
{
    return withSurroundings(QCoreApplication::arguments(), environment);
}

QUrl Activation::urlOf(const QString &argument) const
{
    return QUrl::fromUserInput(argument, workingDirectory, QUrl::AssumeLocalFile);
}

void Activation::finish(int exitCode, const QCborMap &answer) const
{
    if (m_ticket)
        m_ticket->answer({.outcome = ActivationReply::Outcome::Accepted, .exitCode = exitCode, .data = answer});
}

void Activation::finish(int exitCode, const QVariantMap &answer) const
{
    finish(exitCode, QCborMap::fromVariantMap(answer));
}

void Activation::reject(const QString &why) const
{
    if (m_ticket)
        m_ticket->answer({.outcome = ActivationReply::Outcome::Rejected, .exitCode = 1, .text = why});
}

bool Activation::isFinished() const
{
    return !m_ticket || m_ticket->isAnswered();
}

QVariantMap Activation::dataAsVariant() const
{
    return data.toVariantMap();
}

void Activation::setDataFromVariant(const QVariantMap &map)
{
    data = QCborMap::fromVariantMap(map);
}

QVariantMap ActivationReply::dataAsVariant() const
{
    return data.toVariantMap();
}

} // namespace Holdfast
