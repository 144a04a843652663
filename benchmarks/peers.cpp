// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "peers.h"

#include "lockkinds.h"
#include "plainsession.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>
#include <holdfast/softreadwritelock.h>
#include <holdfast/sql/readwritelock.h>

#include <QtCore/qlockfile.h>
#include <QtCore/qtimer.h>
#include <QtSql/qsqldriver.h>
#include <QtSql/qsqlerror.h>

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace Bench {

namespace {

using namespace std::chrono_literals;

[[noreturn]] void fail(const char *call)
{
    throw std::system_error(errno, std::generic_category(), call);
}

template<class Lock>
class Blocking : public Peer
{
public:
    explicit Blocking(const std::string &path) : m_lock(QString::fromStdString(path)) { }
    bool take() override
    {
        if (!m_lock.tryAcquireFor(-1ms))
            throw std::runtime_error(m_lock.errorString().toStdString());
        return true;
    }
    void give() override { m_lock.release(); }

private:
    Lock m_lock;
};

template<class Lock>
class Loop : public Peer
{
public:
    explicit Loop(const std::string &path) : m_lock(QString::fromStdString(path))
    {
        QObject::connect(&m_lock, &Holdfast::AbstractLock::acquired, [this] { got(); });
    }
    bool take() override
    {
        m_lock.acquire();
        return false;
    }
    void give() override { m_lock.release(); }

private:
    Lock m_lock;
};

/** An open file and flock(2). */
class Flock : public Peer
{
public:
    enum class Descriptor { Kept, OpenedEachTime };

    Flock(const std::string &path, Descriptor descriptor) : m_path(path), m_use(descriptor)
    {
        if (m_use == Descriptor::Kept)
            open();
    }
    ~Flock() override { ::close(m_descriptor); }
    bool take() override
    {
        if (m_use == Descriptor::OpenedEachTime)
            open();
        if (!lock(LOCK_EX))
            fail("flock");
        return true;
    }
    void give() override
    {
        ::flock(m_descriptor, LOCK_UN);
        if (m_use == Descriptor::OpenedEachTime)
            ::close(m_descriptor);
    }

protected:
    bool lock(int operation) { return ::flock(m_descriptor, operation) == 0; }

private:
    void open()
    {
        m_descriptor = ::open(m_path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (m_descriptor < 0)
            fail("open");
    }

    const std::string m_path;
    const Descriptor m_use;
    int m_descriptor = -1;
};

class Timer : public Flock
{
public:
    explicit Timer(const std::string &path) : Flock(path, Descriptor::Kept)
    {
        m_timer.setInterval(50ms);
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            if (!lock(LOCK_EX | LOCK_NB))
                return;
            m_timer.stop();
            got();
        });
    }
    bool take() override
    {
        if (lock(LOCK_EX | LOCK_NB))
            return true;
        m_timer.start();
        return false;
    }

private:
    QTimer m_timer;
};

class LockFile : public Peer
{
public:
    explicit LockFile(const std::string &path) : m_lock(QString::fromStdString(path)) { }
    bool take() override
    {
        if (!m_lock.lock())
            throw std::runtime_error("QLockFile::lock");
        return true;
    }
    void give() override { m_lock.unlock(); }

private:
    QLockFile m_lock;
};

/** A lock on the server that HOLDFAST_POSTGRES names. */
class ServerLoop : public Peer
{
public:
    explicit ServerLoop(const std::string &path)
        : m_lock(makeLock(QStringLiteral("postgres-rw"), QString::fromStdString(path)))
    {
        QObject::connect(m_lock.get(), &Holdfast::AbstractLock::acquired, [this] { got(); });
    }
    bool take() override
    {
        m_lock->acquire();
        return false;
    }
    void give() override { m_lock->release(); }

private:
    const std::unique_ptr<Holdfast::AbstractLock> m_lock;
};

/** No lock: one NOTIFY on its way, said by libpq and heard by Qt. */
class Notifier : public Peer
{
public:
    bool take() override { return true; }
    void give() override { m_session.ask("NOTIFY bench"); }

private:
    PlainSession m_session;
};

class Listener : public Peer
{
public:
    Listener()
    {
        m_database = QSqlDatabase::cloneDatabase(postgresConnection(), QStringLiteral("listener"));
        if (!m_database.open() || !m_database.driver()->subscribeToNotification(QStringLiteral("bench")))
            throw std::runtime_error(m_database.lastError().text().toStdString());
        QObject::connect(m_database.driver(), &QSqlDriver::notification, [this] { got(); });
    }
    bool take() override { return false; }
    void give() override { }

private:
    QSqlDatabase m_database;
};

} // namespace

std::unique_ptr<Peer> makePeer(const std::string &kind, const std::string &path)
{
    using namespace Holdfast;
    if (kind == "holdfast")
        return std::make_unique<Blocking<FileLock>>(path);
    if (kind == "holdfast-loop")
        return std::make_unique<Loop<FileLock>>(path);
    if (kind == "soft")
        return std::make_unique<Blocking<SoftFileLock>>(path);
    if (kind == "soft-loop")
        return std::make_unique<Loop<SoftFileLock>>(path);
    if (kind == "lease-loop")
        return std::make_unique<Loop<SoftFileLease>>(path);
    if (kind == "soft-rw-loop")
        return std::make_unique<Loop<SoftReadWriteLock>>(path);
    if (kind == "sqlite")
        return std::make_unique<Blocking<ReadWriteLock>>(path);
    if (kind == "sqlite-loop")
        return std::make_unique<Loop<ReadWriteLock>>(path);
    if (kind == "server-loop")
        return std::make_unique<ServerLoop>(path);
    if (kind == "notify")
        return std::make_unique<Notifier>();
    if (kind == "listen")
        return std::make_unique<Listener>();
    if (kind == "flock")
        return std::make_unique<Flock>(path, Flock::Descriptor::Kept);
    if (kind == "flock-open")
        return std::make_unique<Flock>(path, Flock::Descriptor::OpenedEachTime);
    if (kind == "timer")
        return std::make_unique<Timer>(path);
    if (kind == "qlockfile")
        return std::make_unique<LockFile>(path);
    throw std::invalid_argument("there is no peer '" + kind + "'");
}

} // namespace Bench
