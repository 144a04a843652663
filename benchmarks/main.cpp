// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "filelockpackage.h"
#include "groups.h"
#include "plainsocket.h"
#include "report.h"
#include "singleinstance.h"
#include "worker.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qdir.h>
#include <QtCore/qstorageinfo.h>
#include <QtCore/qsysinfo.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qthread.h>

#include <cstdio>
#include <exception>
#include <string>
#include <sys/resource.h>

namespace {

using namespace Bench;

struct Group
{
    const char *name;
    void (*measure)(const Setup &setup, Report &report);
};

constexpr Group Groups[] = {{"calls", measureCalls},
                            {"hand-over", measureHandOver},
                            {"kill", measureKill},
                            {"gap", measureGap},
                            {"crowd", measureCrowd},
                            {"counter", measureCounter},
                            {"wake-ups", measureWakeups},
                            {"soft calls", measureSoftCalls},
                            {"soft hand-over", measureSoftHandOver},
                            {"database calls", measureDatabaseCalls},
                            {"database hand-over", measureDatabaseHandOver},
                            {"server calls", measureServerCalls},
                            {"server hand-over", measureServerHandOver},
                            {"readers and writers", measureReadersAndWriters},
                            {"single instance", measureSingleInstance},
                            {"document lock", measureDocumentLock}};

std::string machine(const std::string &directory)
{
    const QStorageInfo disk(QString::fromStdString(directory));
    return QStringLiteral("%1 cores, %2, kernel %3, %4, Qt %5, Python's filelock %6, %7.")
        .arg(QThread::idealThreadCount())
        .arg(QSysInfo::prettyProductName(), QSysInfo::kernelVersion(), QString::fromLatin1(disk.fileSystemType()),
             QString::fromLatin1(qVersion()), QString::fromStdString(FilelockPackage::found().version),
             QDate::currentDate().toString(Qt::ISODate))
        .toStdString();
}

// A thousand locks are a thousand files; children inherit the limit.
void allowManyFiles()
{
    rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int runAll(const QStringList &wanted, const Setup &setup, const QString &output)
{
    Report report;
    const std::string where = machine(setup.directory);
    std::printf("%s\n", where.c_str());
    bool any = false;
    for (const Group &group : Groups) {
        if (!wanted.isEmpty() && !wanted.contains(QLatin1String(group.name)))
            continue;
        any = true;
        report.beginGroup(group.name);
        group.measure(setup.apart(), report);
    }
    if (!any) {
        std::fprintf(stderr, "holdfast-bench: no such group; --help lists them\n");
        return 64;
    }
    if (output.isEmpty())
        return 0;
    QDir().mkpath(QFileInfo(output).path());
    if (!report.writePage(output.toStdString(), where)) {
        std::fprintf(stderr, "holdfast-bench: cannot write %s\n", qPrintable(output));
        return 1;
    }
    std::printf("\nWritten to %s\n", qPrintable(output));
    return 0;
}

int runDriver(const QCoreApplication &application)
{
    QStringList names;
    for (const Group &group : Groups)
        names << QLatin1String(group.name);
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Holdfast side by side with its peers: a table with ratios."));
    parser.addHelpOption();
    const QCommandLineOption quick(QStringLiteral("quick"), QStringLiteral("A short run; writes no page by itself."));
    const QCommandLineOption only(QStringLiteral("only"),
                                  QStringLiteral("This part alone (may be repeated): %1. Writes no page by itself.")
                                      .arg(names.join(QStringLiteral(", "))),
                                  QStringLiteral("GROUP"));
    const QCommandLineOption output(
        QStringLiteral("output"), QStringLiteral("Where the page goes: docs/performance.md."), QStringLiteral("FILE"));
    const QCommandLineOption directory(QStringLiteral("directory"),
                                       QStringLiteral("Where the lock files lie: beside this program."),
                                       QStringLiteral("DIR"), QCoreApplication::applicationDirPath());
    parser.addOptions({quick, only, output, directory});
    parser.process(application);

    const QTemporaryDir scratch(parser.value(directory) + QStringLiteral("/bench-XXXXXX"));
    if (!scratch.isValid()) {
        std::fprintf(stderr, "holdfast-bench: %s\n", qPrintable(scratch.errorString()));
        return 1;
    }
    QString page = parser.value(output);
    if (page.isEmpty() && !parser.isSet(quick) && !parser.isSet(only))
        page = QStringLiteral(BENCH_PAGE);
    return runAll(parser.values(only), {scratch.path().toStdString(), parser.isSet(quick)}, page);
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    try {
        if (argc == 4 && std::string(argv[1]) == "--worker" && std::string(argv[2]) == "instance")
            return runPrimary(argv[3]);
        if (argc == 4 && std::string(argv[1]) == "--worker" && std::string(argv[2]) == "plain-server")
            return runPlainServer(argv[3]);
        if (argc == 4 && std::string(argv[1]) == "--worker")
            return Worker(argv[2], argv[3]).run();
        allowManyFiles();
        return runDriver(application);
    } catch (const std::exception &exception) {
        std::fprintf(stderr, "holdfast-bench: %s\n", exception.what());
        return 1;
    }
}
