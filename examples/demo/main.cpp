// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Several processes write to one document, first under a lock, then without: a timeline, and the counts.

#include "director.h"
#include "worker.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <csignal>

using namespace std::chrono_literals;

namespace {

constexpr int UsageError = 64;
volatile std::sig_atomic_t interruption = 0;

int work(const QString &name, const QString &lockFile)
{
    const Worker worker(name, lockFile);
    return QCoreApplication::exec();
}

int direct()
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        std::signal(signal, [](int number) { interruption = number; });
    std::signal(SIGPIPE, SIG_IGN); // `holdfast-demo | head` must clean up, too

    Director director;
    QTimer interruptions;
    QObject::connect(&interruptions, &QTimer::timeout, [&director] {
        if (interruption != 0)
            director.stop(128 + interruption);
    });
    interruptions.start(50ms);
    QObject::connect(&director, &Director::ended, qApp, &QCoreApplication::exit, Qt::QueuedConnection);
    QTimer::singleShot(0, &director, &Director::start);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    qSetMessagePattern("holdfast-demo: %{message}");

    const QCommandLineOption help({"h", "help"}, "Prints this text.");
    QCommandLineOption worker("worker", "", "name");
    QCommandLineOption lockFile("lock-file", "", "file");
    worker.setFlags(QCommandLineOption::HiddenFromHelp);
    lockFile.setFlags(QCommandLineOption::HiddenFromHelp);
    QCommandLineParser parser;
    parser.setApplicationDescription("Several processes write to one document, under a lock and without.");
    parser.addOptions({help, worker, lockFile});

    if (!parser.parse(app.arguments()) || !parser.positionalArguments().isEmpty()) {
        qCritical("%s",
                  qPrintable(parser.errorText().isEmpty() ? "This program takes no arguments." : parser.errorText()));
        return UsageError;
    }
    if (parser.isSet(help))
        parser.showHelp();
    return parser.isSet(worker) ? work(parser.value(worker), parser.value(lockFile)) : direct();
}
