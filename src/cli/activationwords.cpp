// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/activationwords.h"

#include <QtCore/qcborarray.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

namespace Holdfast::Cli {

namespace {

// Text cannot carry an argument that is no UTF-8.
constexpr QLatin1String RawArguments("rawArguments");

// Ours are of our own start.
void setVariable(Surroundings &surroundings, const char *name, const QString &value)
{
    if (value.isEmpty())
        surroundings.without += QByteArray(name) + '=';
    else
        surroundings.variables += name + ('=' + value.toLocal8Bit());
}

} // namespace

Activation activationOf(const InstanceOptions &options)
{
    Activation activation = Activation::ofThisProcess();
    QCborArray raw;
    activation.arguments.clear();
    for (const QByteArray &word : options.command) {
        activation.arguments += QString::fromLocal8Bit(word);
        raw += word;
    }
    activation.data = {{RawArguments, raw}};
    activation.wait = options.blocks ? Activation::Wait::UntilFinished : Activation::Wait::UntilHandled;
    return activation;
}

QByteArray lineOf(const Activation &activation)
{
    const QJsonObject object{
        {QStringLiteral("arguments"), QJsonArray::fromStringList(activation.arguments.mid(1))},
        {QStringLiteral("directory"), activation.workingDirectory},
        {QStringLiteral("activationToken"), activation.activationToken},
        {QStringLiteral("process"), activation.senderProcessId},
    };
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

// From a program that uses the library itself there are only texts.
QByteArrayList handlerWords(const QByteArray &handler, const Activation &activation)
{
    QByteArrayList words{handler};
    const QCborArray raw = activation.data.value(RawArguments).toArray();
    for (qsizetype i = 1; i < activation.arguments.size(); ++i) {
        const QByteArray word = raw.at(i).toByteArray();
        words += word.isEmpty() ? QFile::encodeName(activation.arguments.at(i)) : word;
    }
    return words;
}

Surroundings surroundingsOf(const Activation &activation)
{
    Surroundings surroundings;
    // One that was removed meanwhile has no name, and in ours relative ones would be other files.
    surroundings.directory =
        activation.workingDirectory.isEmpty() ? QByteArray("/") : QFile::encodeName(activation.workingDirectory);
    setVariable(surroundings, "XDG_ACTIVATION_TOKEN", activation.activationToken);
    setVariable(surroundings, "DESKTOP_STARTUP_ID", activation.startupId);
    return surroundings;
}

} // namespace Holdfast::Cli
