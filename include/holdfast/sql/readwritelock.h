// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractreadwritelock.h>
#include <holdfast/lockinspection.h>
#include <holdfast/sharedlock.h>
#include <holdfast/sql_export.h>

#include <QtSql/qsqldatabase.h>

#include <chrono>
#include <memory>

namespace Holdfast {

/** Options of a ReadWriteLock, by name: `ReadWriteLock lock(path, {.timeout = 5s})`. */
struct ReadWriteLockOptions
{
    std::chrono::milliseconds timeout{-1};
    std::chrono::milliseconds pollInterval{250};
    bool blocking = true;
    std::chrono::milliseconds lifetime{-1};
    ThreadScope threadScope = ThreadScope::PerThread;
    LockMode mode = LockMode::Exclusive;
    std::chrono::milliseconds lossBound{5000}; ///< see ReadWriteLock::lossBound()

    friend bool operator==(const ReadWriteLockOptions &, const ReadWriteLockOptions &) = default;
};

class ReadWriteLock;
using SharedReadWriteLock = SharedLock<ReadWriteLock>;

/**
 * Many readers or one writer, across processes, over QSqlDatabase: a SQLite file beside the data, or, when one machine is not
 * enough, a PostgreSQL server. The calling code is the same for both.
 *
 * @code
 * Holdfast::ReadWriteLock lock(u"/srv/plan.lock.db"_qs);        // one machine: SQLite, nothing to set up
 * Holdfast::ReadWriteLock lock(connection, u"plan"_qs);         // many: connection is a QSqlDatabase for QPSQL
 *
 * QObject::connect(&lock, &Holdfast::ReadWriteLock::acquired, [&] { showReport(); lock.release(); });
 * lock.acquireRead();
 * @endcode
 *
 * **On a SQLite file** it holds the very locks that SQLite takes, so Python's filelock (`ReadWriteLock`) and every SQLite
 * program on the file take part: reading is `BEGIN; SELECT`, writing is `BEGIN EXCLUSIVE`. The file is a lock file: it is
 * created, stays empty, and one that is not empty is refused (LockError::NotALockFile), because it may be somebody's database.
 * *Not for*: network disks (SQLite's locks are unreliable there; take SoftReadWriteLock), nor as a lock on the database that
 * the program works with.
 *
 * **On PostgreSQL** it holds session advisory locks; see the second constructor.
 *
 * | what happens | SQLite | PostgreSQL |
 * |---|---|---|
 * | the holder dies | free at once | free at once; when its machine vanishes, after about three times lossBound(), at least 5 s |
 * | the file is removed or replaced, or a link on its path leads elsewhere | `lost(Replaced)` | |
 * | another lock of this library on the file, in this process | refused: `OtherFamily` | |
 * | somebody else in this process opens and closes the file | `lost(Dropped)` within a second | |
 * | the server ends the session, restarts, the network goes | | `lost(ConnectionLost)` within lossBound() |
 * | the machine sleeps | held | `lost(ConnectionLost)` if it slept longer than lossBound() |
 * | the process forks | the child's copy is inert | the same |
 *
 * **Threads and the event loop.** acquire() and its kind make their attempts on threads of the library's own, so that neither a
 * disk nor a server that stalls delays an event loop; setThreadPool() names others. On a file they do so until it is open, and
 * where a network is between; then a lock is a matter of the system's memory, and is tried in place, as FileLock does it.
 * tryAcquire() is one attempt that the caller waits for.
 *
 * Two objects on one path are strangers, also in one thread; shared() gives the one object per path.
 */
class HOLDFAST_SQL_EXPORT ReadWriteLock : public Holdfast::AbstractReadWriteLock
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReadWriteLock)
    Q_PROPERTY(QString path READ path CONSTANT FINAL)
    Q_PROPERTY(QString name READ name CONSTANT FINAL)

public:
    /** On the SQLite file @p path, made when missing, with the directories above it. No I/O before the first attempt; a path that
        means nothing is told by error(). Needs Qt's SQLite driver (Debian: libqt6sql6-sqlite). */
    explicit ReadWriteLock(const QString &path, const ReadWriteLockOptions &options = {}, QObject *parent = nullptr);

    /** On the server that @p connection describes (driver QPSQL; it need not be open, and is never used itself), under @p name, 1
        to 200 bytes of UTF-8. Programs with the same name in the same database contend. No I/O before the first attempt.

        All locks of a process on one server, with the same settings and lossBound(), share one session in a thread of its own;
        it begins with the first attempt and ends about five seconds after the last lock has gone. Whoever waits is woken by
        NOTIFY; a release that nobody announces is found within a twentieth of lossBound() (at most half a second), for which the
        session looks for all who wait. So pollInterval() counts only where it is shorter.

        What can go wrong, beside what every lock knows, all with a sentence that never has a password in it: another driver, no
        driver, a standby, a pooler that moves sessions between statements (Unsupported); the server is not there, does not answer
        within lossBound() or ends the session (ConnectionFailed: an attempt fails at once, also one that could still wait for a
        restart); no connection, or no room for the lock, is left (OutOfResources); user, password or rights (PermissionDenied); no
        such database (NotFound); a name or lossBound that means nothing (InvalidArgument).

        In an event loop release() and the destructor wait at most 4 ms for the server, without one 100 ms; what it has not done
        by then it does as soon as it can, and what goes wrong with it then is only logged. Neither waits for an attempt of another
        thread. verifyHeld() asks the server, and waits for it: no answer within lossBound is a loss. */
    ReadWriteLock(const QSqlDatabase &connection, const QString &name, const ReadWriteLockOptions &options = {},
                  QObject *parent = nullptr);

    /** The same under the number of an advisory lock, for programs in other languages that share it: any number will do, also 0.
        name() is its decimal text. */
    ReadWriteLock(const QSqlDatabase &connection, qint64 key, const ReadWriteLockOptions &options = {},
                  QObject *parent = nullptr);

    ~ReadWriteLock() override;

    /** The one object of this process for the file, however it is spelled (links are followed), as long as somebody has it;
        its options are those of the first caller. Null, with the reason, when they differ. Never one that was closed. */
    static SharedReadWriteLock shared(const QString &path, const ReadWriteLockOptions &options = {});
    static SharedReadWriteLock shared(const QSqlDatabase &connection, const QString &name,
                                      const ReadWriteLockOptions &options = {});

    QString path() const; ///< of the SQLite file; empty on a server
    QString name() const; ///< on a server; empty on a file

    /** The number of the advisory lock on a server; 0 on a file. */
    qint64 key() const;

    /** The number that stands for @p name: the first eight bytes of the SHA-256 of its UTF-8, most significant first, as a signed
        number. Never changes; the same in every program. */
    static qint64 keyOf(const QString &name);

    /** How long a server may be silent before what is held through it counts as lost, and an attempt as failed; at least 100 ms,
        initially 5 s. Counted from its last sign of life, of which there is one in every tenth of it (at most a second) while
        anything is held or waited for: what answers within nine tenths has lost nothing. A session that the server ends is lost
        within 0.3 s. Without meaning on a file. */
    std::chrono::milliseconds lossBound() const;

    /** While held for writing on PostgreSQL: a number that is greater with every writer, for storage that can refuse one that
        lost its lock and does not know yet. It comes from the sequence public.holdfast_fencing, which the first writer makes, and
        survives a crash of the server, unless that runs with fsync off. 0 where there is none: reading; a role that may not use
        or make the sequence (then one warning in the log says what an administrator has to run); and SQLite, because the file of
        the lock has to stay empty, and a number kept beside it would not be given out in one step with the lock, nor by Python's
        filelock, which would write in between. */
    qint64 fencingToken() const;

    /** Who holds it; of several readers the one whose session is the oldest. On a server it waits up to a second for the answer,
        and says nobody when none comes. A program of this library is named as it names itself to the server (application_name):
        program, process and host; of others there is what the server tells this role, and processId is 0, because the number of
        the server's own process means nothing elsewhere. since is the beginning of the session. */
    LockHolder holder() const override;

    /** All who hold it now, and what else is known: inspectLock() of the file, or what a server says, for which this waits up
        to lossBound(). error is set when that could not be told: then nobody knows whether it is free. */
    LockInspection inspect() const;

private:
    enum class Storage { File, Server };
    ReadWriteLock(std::unique_ptr<AbstractLockPrivate> d, Storage storage, const ReadWriteLockOptions &options,
                  QObject *parent);
    const Storage m_storage;
    const std::chrono::milliseconds m_lossBound;
};

} // namespace Holdfast
