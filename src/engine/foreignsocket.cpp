// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/foreignsocket.h"

#include "engine/fork.h"

#include <mutex>
#include <vector>

namespace Holdfast {

namespace {

/** All that are in use. */
struct Table
{
    std::mutex mutex; // leaf
    std::vector<ForeignSocket *> sockets;

    static Table &instance()
    {
        static auto *const table = new Table; // never destroyed: a session's thread may outlive everything else
        return *table;
    }
};

} // namespace

ForeignSocket::ForeignSocket()
{
    prepareForForks();
    const std::scoped_lock lock(Table::instance().mutex);
    Table::instance().sockets.push_back(this);
}

ForeignSocket::~ForeignSocket()
{
    const std::scoped_lock lock(Table::instance().mutex);
    std::erase(Table::instance().sockets, this);
    forget();
}

void ForeignSocket::lockAll()
{
    Table::instance().mutex.lock();
}

void ForeignSocket::unlockAll()
{
    Table::instance().mutex.unlock();
}

void ForeignSocket::abandonAll()
{
    for (ForeignSocket *socket : Table::instance().sockets)
        socket->m_descriptor.abandon();
}

ForeignSocket::Opening::Opening() = default;

ForeignSocket::Opening::~Opening() = default;

} // namespace Holdfast
