// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// withpostgres PROGRAM [ARGUMENT...]: runs a test program beside a server of its own, which HOLDFAST_POSTGRES names to it.

#include "postgresserver.h"

#include <QtCore/qcoreapplication.h>

#include <csignal>
#include <cstdio>
#include <sys/prctl.h>

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (const QString why = PostgresServer::whyNot(); !why.isEmpty()) {
        // As Qt Test says it, so that CTest takes it for what it is.
        std::printf("SKIP   : %s\nTotals: 0 passed, 0 failed, 1 skipped\n", qPrintable(why));
        return 0;
    }
    const PostgresServer server;
    qputenv("HOLDFAST_POSTGRES", server.url().toUtf8());
    QProcess program;
    program.setProcessChannelMode(QProcess::ForwardedChannels);
    program.setInputChannelMode(QProcess::ForwardedInputChannel);
    program.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
    program.start(arguments.value(1), arguments.mid(2));
    program.waitForFinished(-1);
    return program.exitStatus() == QProcess::NormalExit ? program.exitCode() : 99;
}
