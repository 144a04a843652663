// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "postgresserver.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qmutex.h>
#include <QtCore/qthread.h>

#include <atomic>
#include <memory>
#include <vector>

/**
 * Between the sessions of a test and its server: passes on what both say, or keeps it back as a network does that has gone without
 * a word, or puts a word in, as a pooler does that resets a session. On a Unix socket in the server's directory.
 */
class Middleman
{
public:
    explicit Middleman(const PostgresServer &server);
    ~Middleman();
    Middleman(const Middleman &) = delete;
    Middleman &operator=(const Middleman &) = delete;

    /** A closed connection that leads through here. */
    QSqlDatabase describe() const;

    void holdBack() { m_isHoldingBack = true; } ///< keeps all that comes, and closes nothing
    void passOn() { m_isHoldingBack = false; }

    /** Runs @p statement in all sessions that lead through here, between two statements of theirs. True: done; false: some of
        them were never between two statements. */
    [[nodiscard]] bool say(const QByteArray &statement);

    int connections() const { return m_connections; } ///< that have ever been made

private:
    struct Pair;
    void run();
    void accept();
    void serve(Pair &pair) const;
    void interrupt(Pair &pair) const;

    static constexpr int Port = 54322; // only a part of the socket's name
    const QString m_directory;
    const QString m_server;
    QSqlDatabase m_described;
    int m_listener = -1;
    std::atomic<bool> m_isHoldingBack{false};
    std::atomic<bool> m_isOver{false};
    std::atomic<bool> m_hasWord{false};
    std::atomic<int> m_connections{0};
    QByteArray m_word;
    std::vector<std::unique_ptr<Pair>> m_pairs; // of the thread
    std::unique_ptr<QThread> m_thread;
};
