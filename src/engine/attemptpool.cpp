// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/attemptpool.h"

#include "engine/fork.h"

#include <QtCore/qthreadpool.h>

#include <atomic>

namespace Holdfast {

namespace {

// So many disks (or servers) can hang at a time before one that does not has to wait.
constexpr int MostThreads = 8;

struct Pools
{
    Pools()
    {
        files.setMaxThreadCount(MostThreads);
        files.setObjectName(QStringLiteral("Holdfast files"));
        servers.setMaxThreadCount(MostThreads);
        servers.setObjectName(QStringLiteral("Holdfast servers"));
    }

    QThreadPool files;
    QThreadPool servers;
    const unsigned generation = forkGeneration();
};

// Never destroyed: at the end of the process an attempt may hang on a disk.
std::atomic<Pools *> s_pools{nullptr};

} // namespace

QThreadPool *attemptPool(AttemptPool which)
{
    Pools *pools = s_pools.load();
    while (!pools || pools->generation != forkGeneration()) { // the child of a fork has none of the threads
        auto *created = new Pools;
        if (s_pools.compare_exchange_strong(pools, created))
            pools = created;
        else
            delete created;
    }
    return which == AttemptPool::Files ? &pools->files : &pools->servers;
}

} // namespace Holdfast
