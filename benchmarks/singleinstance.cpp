// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One running program: to become it, and to hand over to it.

#include "singleinstance.h"

#include "child.h"
#include "groups.h"
#include "micro.h"
#include "plainsocket.h"
#include "stats.h"

#include <holdfast/app/singleinstance.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qfuturewatcher.h>

#include <cstdio>
#include <string>
#include <vector>

namespace Bench {

namespace {

using Holdfast::Activation;
using Holdfast::ActivationReply;
using Holdfast::SingleInstance;

const QString Key = QStringLiteral("bench");

void judgeTimes(Report &report, const std::string &what, std::vector<double> times, double goal)
{
    const double middle = median(times);
    report.judge(what + ", median", timeText(middle), "below " + timeText(goal), middle < goal);
    report.inform(what + ", p99", timeText(quantile(std::move(times), 0.99)));
}

void measureElections(const Setup &setup, Report &report)
{
    std::vector<double> first;
    std::vector<double> later;
    SingleInstance instance(Key);
    SingleInstance second(Key);
    for (SingleInstance *each : {&instance, &second})
        each->setDirectory(QString::fromStdString(setup.path("elections")));
    for (int i = 0; i < setup.amount(1000, 50); ++i) {
        std::int64_t before = now();
        require(instance.tryStart() == SingleInstance::Status::Primary);
        first.push_back(static_cast<double>(now() - before));
        before = now();
        require(second.tryStart() == SingleInstance::Status::Secondary);
        later.push_back(static_cast<double>(now() - before));
        second.stop();
        instance.stop();
    }
    judgeTimes(report, "election of a primary, with its socket", std::move(first), Millisecond);
    report.inform("election of a secondary, median", timeText(median(std::move(later))));
}

double blockingTime(SingleInstance &second, const Activation &activation)
{
    const std::int64_t before = now();
    require(second.forwardAndWait(activation) == 0);
    return static_cast<double>(now() - before);
}

double asynchronousTime(SingleInstance &second, const Activation &activation)
{
    QFutureWatcher<ActivationReply> watcher;
    QEventLoop loop;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    const std::int64_t before = now();
    watcher.setFuture(second.forward(activation));
    loop.exec();
    require(watcher.result().outcome == ActivationReply::Outcome::Accepted);
    return static_cast<double>(now() - before);
}

// Ours and the bare socket's in turn, so that both meet the same machine.
struct Pair
{
    std::vector<double> ours;
    std::vector<double> bare;
};

void judgePair(Report &report, const std::string &what, Pair times, double goal)
{
    const double middle = median(times.ours);
    report.slower(what + ", median", middle, "bare QLocalSocket", median(std::move(times.bare)));
    judgeTimes(report, what, std::move(times.ours), goal);
}

void measureForwarding(SingleInstance &second, const std::string &plainServer, const Setup &setup, Report &report)
{
    constexpr int small = 1024;
    constexpr int largest = 16 * 1024 * 1024 - 100;
    const auto activationOf = [](int bytes) {
        Activation activation;
        activation.data = {{QStringLiteral("bytes"), QByteArray(bytes, 'x')}};
        return activation;
    };
    const Activation activation = activationOf(small);
    const QByteArray message = QByteArray(small, 'x') + LastByte;
    Pair blocking;
    Pair asynchronous;
    for (int i = 0; i < setup.amount(1000, 50); ++i) {
        blocking.ours.push_back(blockingTime(second, activation));
        blocking.bare.push_back(plainTime(plainServer, message));
        asynchronous.ours.push_back(asynchronousTime(second, activation));
        asynchronous.bare.push_back(plainTimeInLoop(plainServer, message));
    }
    judgePair(report, "forwardAndWait(), 1 KiB", std::move(blocking), Millisecond);
    judgePair(report, "forward(), 1 KiB", std::move(asynchronous), Millisecond);
    const Activation largeActivation = activationOf(largest);
    const QByteArray largeMessage = QByteArray(largest, 'x') + LastByte;
    Pair large;
    for (int i = 0; i < setup.amount(21, 3); ++i) {
        large.ours.push_back(blockingTime(second, largeActivation));
        large.bare.push_back(plainTime(plainServer, largeMessage));
    }
    const double middle = median(std::move(large.ours));
    report.slower("forwardAndWait(), 16 MiB, median", middle, "bare QLocalSocket", median(std::move(large.bare)));
    report.judge("forwardAndWait(), 16 MiB, median", timeText(middle), "below 100 ms", middle < 100 * Millisecond);
}

} // namespace

int runPrimary(const std::string &directory)
{
    SingleInstance instance(Key);
    instance.setDirectory(QString::fromStdString(directory));
    require(instance.tryStart() == SingleInstance::Status::Primary);
    QObject::connect(&instance, &SingleInstance::activated, [] {});
    std::puts("ready");
    std::fflush(stdout);
    return QCoreApplication::exec();
}

void measureSingleInstance(const Setup &setup, Report &report)
{
    measureElections(setup, report);
    const Child primary("instance", setup.path("forwarding"));
    SingleInstance second(Key);
    second.setDirectory(QString::fromStdString(setup.path("forwarding")));
    require(second.tryStart() == SingleInstance::Status::Secondary);
    const std::string plain = setup.path("plain.socket");
    const Child plainServer("plain-server", plain);
    measureForwarding(second, plain, setup, report);
}

} // namespace Bench
