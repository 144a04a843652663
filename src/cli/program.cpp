// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/program.h"

#include "cli/arguments.h"
#include "cli/editing.h"
#include "cli/exitcode.h"
#include "cli/instancerunner.h"
#include "cli/output.h"
#include "cli/platform.h"
#include "cli/runner.h"
#include "cli/signals.h"

#include <QtCore/qlogging.h>

namespace Holdfast::Cli {

namespace {

/** While it lives, Qt says nothing. */
class Silence
{
public:
    Silence() : m_before(qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &) {})) { }
    ~Silence() { qInstallMessageHandler(m_before); }
    Q_DISABLE_COPY_MOVE(Silence)

private:
    QtMessageHandler m_before;
};

template<class Runner, class Options>
int runWith(const Options &options, int &argc, char **argv)
{
    const std::unique_ptr<QCoreApplication> application = makeApplication(argc, argv);
    SignalWatch signalWatch;
    if (!signalWatch.start()) {
        complain(QStringLiteral("the system has run out of descriptors"));
        return ExitCode::System;
    }
    Runner runner(options, signalWatch);
    QObject::connect(
        &runner, &Runner::finished, application.get(), [](int exitCode) { QCoreApplication::exit(exitCode); },
        Qt::QueuedConnection); // start() may be the end already
    runner.start();
    return QCoreApplication::exec();
}

} // namespace

void prepareProcess()
{
    occupyStandardDescriptors();
}

// Some builds of Qt warn on standard error when the locale is not UTF-8, as under cron; nothing here depends on it.
std::unique_ptr<QCoreApplication> makeApplication(int &argc, char **argv)
{
    const Silence silence;
    return std::make_unique<QCoreApplication>(argc, argv);
}

int runCommand(const RunOptions &options, int &argc, char **argv)
{
    return runWith<Runner>(options, argc, argv);
}

int runEditor(const EditOptions &options, int &argc, char **argv)
{
    return runWith<Editing>(options, argc, argv);
}

int runInstance(const InstanceOptions &options, int &argc, char **argv)
{
    return runWith<InstanceRunner>(options, argc, argv);
}

} // namespace Holdfast::Cli
