// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/activationmessage.h"

#include <QtCore/qcborarray.h>
#include <QtCore/qcborstreamreader.h>
#include <QtCore/qcborvalue.h>

#include <limits>

namespace Holdfast {

namespace {

using How = ActivationReply::Outcome;

// Three times what a command line can have.
constexpr int MostEntries = 1'000'000;

constexpr QLatin1String Arguments("arguments");
constexpr QLatin1String WorkingDirectory("workingDirectory");
constexpr QLatin1String Urls("urls");
constexpr QLatin1String ActivationToken("activationToken");
constexpr QLatin1String StartupId("startupId");
constexpr QLatin1String Environment("environment");
constexpr QLatin1String Data("data");
constexpr QLatin1String Finish("untilFinished");
constexpr QLatin1String OutcomeName("outcome");
constexpr QLatin1String ExitCode("exitCode");
constexpr QLatin1String Text("text");

constexpr QLatin1String Accepted("accepted");
constexpr QLatin1String Rejected("rejected");
constexpr QLatin1String Failed("failed");

QStringList texts(const QCborValue &value)
{
    QStringList list;
    const QCborArray array = value.toArray();
    for (const auto &element : array)
        list += element.toString();
    return list;
}

// Nothing: not exactly one map.
std::optional<QCborMap> readMap(const QByteArray &bytes)
{
    QCborStreamReader reader(bytes);
    const QCborValue value = QCborValue::fromCbor(reader);
    if (reader.lastError() != QCborError::NoError || reader.currentOffset() != bytes.size() || !value.isMap())
        return std::nullopt;
    return value.toMap();
}

QCborArray encoded(const QList<QUrl> &urls)
{
    QCborArray array;
    for (const QUrl &url : urls)
        array += QString::fromUtf8(url.toEncoded());
    return array;
}

QLatin1String nameOf(How outcome)
{
    return outcome == How::Accepted ? Accepted : outcome == How::Rejected ? Rejected : Failed;
}

How outcomeOf(const QString &name)
{
    return name == Accepted ? How::Accepted : name == Rejected ? How::Rejected : How::Failed;
}

} // namespace

// In the order they are written, and nothing is made of them: 16 MiB can be 16 million, each of which costs a hundred bytes when it is.
bool hasTooManyEntries(const QByteArray &bytes)
{
    QCborStreamReader reader(bytes);
    int entries = 0;
    while (reader.lastError() == QCborError::NoError && (reader.isValid() || reader.containerDepth() > 0)) {
        if (++entries > MostEntries)
            return true;
        if (reader.isContainer())
            reader.enterContainer();
        else if (!reader.isValid())
            reader.leaveContainer();
        else
            reader.next();
    }
    return false;
}

QByteArray writeActivation(const Activation &activation)
{
    QCborMap map;
    const auto put = [&map](QLatin1String name, const QCborValue &value, bool isEmpty) {
        if (!isEmpty)
            map.insert(name, value);
    };
    put(Arguments, QCborArray::fromStringList(activation.arguments), activation.arguments.isEmpty());
    put(WorkingDirectory, activation.workingDirectory, activation.workingDirectory.isEmpty());
    put(Urls, encoded(activation.urls), activation.urls.isEmpty());
    put(ActivationToken, activation.activationToken, activation.activationToken.isEmpty());
    put(StartupId, activation.startupId, activation.startupId.isEmpty());
    put(Environment, QCborMap::fromVariantMap(activation.environment), activation.environment.isEmpty());
    put(Data, activation.data, activation.data.isEmpty());
    put(Finish, true, activation.wait == Activation::Wait::UntilHandled);
    return map.toCborValue().toCbor();
}

std::optional<Activation> readActivation(const QByteArray &bytes)
{
    const std::optional<QCborMap> map = readMap(bytes);
    if (!map)
        return std::nullopt;
    Activation activation;
    activation.arguments = texts(map->value(Arguments));
    activation.workingDirectory = map->value(WorkingDirectory).toString();
    for (const QString &url : texts(map->value(Urls)))
        activation.urls += QUrl::fromEncoded(url.toUtf8());
    activation.activationToken = map->value(ActivationToken).toString();
    activation.startupId = map->value(StartupId).toString();
    for (const auto &[name, value] : map->value(Environment).toMap())
        activation.environment.insert(name.toString(), value.toString());
    activation.data = map->value(Data).toMap();
    if (map->value(Finish).isTrue())
        activation.wait = Activation::Wait::UntilFinished;
    return activation;
}

QByteArray writeReply(const ActivationReply &reply)
{
    QCborMap map{{OutcomeName, nameOf(reply.outcome)}};
    if (reply.exitCode != 0)
        map.insert(ExitCode, reply.exitCode);
    if (!reply.text.isEmpty())
        map.insert(Text, reply.text);
    if (!reply.data.isEmpty())
        map.insert(Data, reply.data);
    return map.toCborValue().toCbor();
}

std::optional<ActivationReply> readReply(const QByteArray &bytes)
{
    const std::optional<QCborMap> map = readMap(bytes);
    if (!map)
        return std::nullopt;
    const qint64 exitCode = map->value(ExitCode).toInteger();
    const bool isInRange = exitCode >= std::numeric_limits<int>::min() && exitCode <= std::numeric_limits<int>::max();
    return ActivationReply{.outcome = outcomeOf(map->value(OutcomeName).toString()),
                           .exitCode = isInRange ? static_cast<int>(exitCode) : 1,
                           .data = map->value(Data).toMap(),
                           .text = map->value(Text).toString()};
}

} // namespace Holdfast
