// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlthreadpool.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthreadpool.h>

namespace Holdfast {

namespace {

constexpr int MostThreads = 8;        // so many disks can hang at a time before one that does not has to wait
constexpr int LongestFarewell = 2000; // ms

// Never destroyed: at the end of the process a thread may hang on a disk.
QThreadPool *makePool()
{
    auto *pool = new QThreadPool;
    pool->setMaxThreadCount(MostThreads);
    pool->setObjectName(QStringLiteral("Holdfast QML"));
    return pool;
}

} // namespace

QThreadPool *qmlThreadPool()
{
    static QThreadPool *const pool = [] {
        qAddPostRoutine([] { qmlThreadPool()->waitForDone(LongestFarewell); });
        return makePool();
    }();
    return pool;
}

} // namespace Holdfast
