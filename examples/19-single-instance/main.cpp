// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// A program that runs once: the first start stays, a later one hands over its arguments and ends with what the first answers.
// Given arguments it is that program (try it in two terminals: one, then two); without, it starts itself twice.

#include <holdfast/app/singleinstance.h>

#include <QCoreApplication>
#include <QDebug>
#include <QProcess>
#include <QTimer>

using Holdfast::Activation;
using Holdfast::SingleInstance;

static int runOnce(const Activation &launch)
{
    SingleInstance instance("org.example.Notes");
    if (const auto exitCode = instance.startOrForward(launch)) {
        qInfo().noquote() << "Handed over." << instance.errorString();
        return *exitCode;
    }
    QObject::connect(&instance, &SingleInstance::activated, [](const Activation &activation) {
        qInfo() << "Asked to open" << activation.urlOf(activation.arguments.value(1));
        activation.finish(3); // the exit status of the other start
        QTimer::singleShot(0, qApp, [] { qApp->quit(); });
    });
    qInfo() << "Running.";
    return qApp->exec();
}

int main(int argc, char **argv)
{
    const Activation launch =
        Activation::ofThisProcess(argc, argv); // before the application takes the launcher's token away
    QCoreApplication app(argc, argv);
    if (argc > 1)
        return runOnce(launch);
    QProcess first, second;
    first.setProcessChannelMode(QProcess::MergedChannels);
    first.start(app.applicationFilePath(), {"one.txt"});
    while (!first.readAll().contains("Running")) {
        if (!first.waitForReadyRead())
            return 1;
    }
    second.setProcessChannelMode(QProcess::ForwardedChannels);
    second.start(app.applicationFilePath(), {"two.txt"});
    if (!second.waitForFinished() || !first.waitForFinished())
        return 1;
    qInfo().noquote() << first.readAll() << "The second start ended with" << second.exitCode();
    return second.exitCode() == 3 ? 0 : 1;
}
