// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/backend.h"
#include "engine/databasefile.h"
#include "sql/sqliteconnection.h"

#include <atomic>
#include <memory>
#include <string>

namespace Holdfast {

/**
 * The read/write lock of Python's filelock on a SQLite file: a transaction that has read the schema, or an exclusive one. What
 * SQLite does not do for it, the DatabaseFile does: keep new readers out while a writer waits, tell the others of a release,
 * see that the lock is still in force.
 */
class SqliteBackend final : public Backend
{
public:
    explicit SqliteBackend(std::string path); ///< absolute
    ~SqliteBackend() override;

    Attempt attempt(LockMode mode) override;
    bool isQuick() const override;
    void stopTrying() override;
    std::optional<Failure> release() override;
    void drop() override;
    void abandon() override;
    LossReason inspect() override;
    Upkeep upkeep() const override;
    Renewal renew() override;
    os::FileIdentity identity() const override;
    Watchable watchable() const override;
    LockHolder holder() const override;
    QString name() const override;

private:
    bool isInPlace() const;
    using Obstacle = std::optional<Attempt>; // nothing: the attempt goes on

    Obstacle open();
    Attempt attemptOnce();
    Attempt read();
    Attempt write();
    Attempt believe();
    void endTransaction();
    void close();
    void leaveToTheParent();

    const std::string m_path;
    std::string m_resolved; ///< where it led, through all links, when the file was opened
    std::shared_ptr<DatabaseFile> m_file;
    std::unique_ptr<SqliteConnection> m_connection;
    std::atomic<bool> m_isAbandoned{false};
    LockMode m_mode = LockMode::Exclusive; // of what is tried or held
    bool m_isHeld = false;
};

} // namespace Holdfast
