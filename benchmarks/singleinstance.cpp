// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One running program: to become it, and to hand over to it.

#include "singleinstance.h"

#include "child.h"
#include "groups.h"
#include "micro.h"
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

void measureForwarding(SingleInstance &second, const Setup &setup, Report &report)
{
    constexpr int largest = 16 * 1024 * 1024;
    Activation activation;
    activation.data = {{QStringLiteral("bytes"), QByteArray(1024, 'x')}};
    std::vector<double> blocking;
    std::vector<double> asynchronous;
    for (int i = 0; i < setup.amount(1000, 50); ++i) {
        blocking.push_back(blockingTime(second, activation));
        asynchronous.push_back(asynchronousTime(second, activation));
    }
    judgeTimes(report, "forwardAndWait(), 1 KiB", std::move(blocking), Millisecond);
    judgeTimes(report, "forward(), 1 KiB", std::move(asynchronous), Millisecond);
    activation.data = {{QStringLiteral("bytes"), QByteArray(largest - 100, 'x')}};
    std::vector<double> large;
    for (int i = 0; i < setup.amount(21, 3); ++i)
        large.push_back(blockingTime(second, activation));
    const double middle = median(std::move(large));
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
    measureForwarding(second, setup, report);
}

} // namespace Bench
