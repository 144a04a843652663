// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/databasefile.h"

#include "engine/databasejournals.h"
#include "engine/holdanswers.h"
#include "os/bell.h"
#include "os/directories.h"
#include "os/localfilesystem.h"

#include <QtCore/qfile.h>

#include <atomic>
#include <map>
#include <set>
#include <utility>

namespace Holdfast {

namespace {

constexpr unsigned DefaultMode = 0644; // as SQLite creates its files

std::atomic<std::uint64_t> s_openings{0};
std::atomic<int> s_calls{0}; // threads that are inside SQLite

Failure unusableAfterFork(const std::string &path)
{
    return {
        LockError::Inherited,
        QStringLiteral("Cannot lock \"%1\" in this process: it was forked while the parent used SQLite, which still "
                       "believes here that the parent's locks are its own. Start another program with exec().")
            .arg(QFile::decodeName(path.c_str()))};
}

} // namespace

/** The files in use, and the mutex under which they are opened and closed. */
class DatabaseFile::Table
{
public:
    static Table &instance()
    {
        static auto *table = new Table; // never destroyed: a static lock may outlive every other object
        return *table;
    }

    std::shared_ptr<DatabaseFile> open(const std::string &path, Failure *failure)
    {
        if (m_isUnusable) {
            *failure = unusableAfterFork(path);
            return nullptr;
        }
        const std::scoped_lock lock(m_mutex);
        os::Result<os::FileIdentity> known = os::identityOf(path);
        if (known && m_unusable.contains(keyOf(*known))) {
            *failure = unusableAfterFork(path);
            return nullptr;
        }
        if (known && known->isValid() && m_files.contains(keyOf(*known)))
            return use(*m_files.at(keyOf(*known)));
        if (known && !known->isValid()) {
            *failure = journalBeside(path, -1); // before an empty file is there for others, too
            if (failure->isSet())
                return nullptr;
        }
        return make(path, failure);
    }

    // For the fork. A disk that stalls in open() does not hold it up for long.
    void lock()
    {
        m_isLocked = m_mutex.try_lock_for(Moment);
        os::GuardedFile::lockAll();
    }
    void unlock()
    {
        os::GuardedFile::unlockAll();
        if (m_isLocked)
            m_mutex.unlock();
    }

    // Their descriptors are closed: with them, the child would keep the parent's turn for as long as it lives. SQLite has
    // locked nothing in the child yet that this could cost.
    void abandon()
    {
        os::GuardedFile::abandonAll();
        m_isUnusable = m_isUnusable || s_calls.exchange(0) > 0 || !m_isLocked;
        if (!m_isLocked)
            return;
        for (const auto &[key, file] : m_files) {
            if (file->m_holds > 0)
                m_unusable.insert(key);
            file->m_file->abandon();
        }
        new Files(std::exchange(m_files, {}));
    }

private:
    using Key = std::pair<std::uint64_t, std::uint64_t>;
    static Key keyOf(const os::FileIdentity &identity) { return {identity.device, identity.number}; }

    // With m_mutex locked.
    std::shared_ptr<DatabaseFile> make(const std::string &path, Failure *failure)
    {
        auto opened = std::make_unique<os::LockFile>();
        const os::Status writable = openFile(*opened, path, os::LockStrength::Exclusive);
        const os::Status status = writable ? writable : openFile(*opened, path, os::LockStrength::Shared);
        os::Result<os::FileFacts> facts = status ? opened->facts() : status.error();
        if (!facts) {
            *failure = systemFailure(path, facts.error());
            return nullptr;
        }
        std::unique_ptr<DatabaseFile> &file = m_files[keyOf(facts->identity)];
        if (!file) // else it has come in between, and guards what has been opened now, too
            file.reset(new DatabaseFile(std::move(opened), facts->identity, writable));
        return use(*file);
    }

    static os::Status openFile(os::LockFile &file, const std::string &path, os::LockStrength strength)
    {
        if (os::Status openable = os::checkOpenable(path); !openable)
            return openable;
        os::Result<bool> opened = file.open(path, strength, DefaultMode);
        if (!opened && opened.error().kind == os::ErrorKind::NotFound) {
            if (os::Status made = os::makeParents(path); !made)
                return made;
            opened = file.open(path, strength, DefaultMode);
        }
        if (!opened)
            return opened.error();
        return *opened ? os::Status() : os::notThere("open");
    }

    // Counted here, not by the pointer: the last user closes the file under the mutex, so that nobody opens it meanwhile and
    // has SQLite lock it.
    std::shared_ptr<DatabaseFile> use(DatabaseFile &file)
    {
        ++file.m_users;
        return {&file, [this](DatabaseFile *used) {
                    const std::scoped_lock lock(m_mutex);
                    if (--used->m_users == 0 && m_files.contains(keyOf(used->m_identity)))
                        m_files.erase(keyOf(used->m_identity));
                }};
    }

    using Files = std::map<Key, std::unique_ptr<DatabaseFile>>;
    std::timed_mutex m_mutex;
    bool m_isLocked = false;
    Files m_files;
    std::set<Key> m_unusable; // since the fork that made this process
    std::atomic<bool> m_isUnusable{false};
};

void DatabaseFile::lockAll()
{
    Table::instance().lock();
}

void DatabaseFile::unlockAll()
{
    Table::instance().unlock();
}

void DatabaseFile::abandonAll()
{
    Table::instance().abandon();
}

std::shared_ptr<DatabaseFile> DatabaseFile::open(const std::string &path, Failure *failure)
{
    return Table::instance().open(path, failure);
}

DatabaseFile::DatabaseFile(std::unique_ptr<os::LockFile> file, const os::FileIdentity &identity,
                           const os::Status &writable)
    : m_file(std::move(file)),
      m_identity(identity),
      m_guard(identity),
      m_opening(++s_openings),
      m_writable(writable),
      m_isOnThisMachine(os::isOnLocalFilesystem(m_file->descriptor()))
{ }

void DatabaseFile::countHold(int difference)
{
    m_holds += difference;
}

void DatabaseFile::ring()
{
    static_cast<void>(os::ring(m_file->descriptor()));
}

Failure DatabaseFile::check(const std::string &path, LockMode mode) const
{
    if (mode == LockMode::Exclusive && !m_writable)
        return systemFailure(path, m_writable.error());
    os::Result<os::FileFacts> facts = m_file->facts();
    if (!facts)
        return systemFailure(path, facts.error());
    if (facts->size == 0)
        return journalBeside(path, m_file->descriptor());
    return {
        LockError::NotALockFile,
        QStringLiteral("Cannot lock \"%1\": there are %2 bytes in it, and the file of a read/write lock is empty. It "
                       "may be somebody's database. Choose a path that nothing else uses.")
            .arg(QFile::decodeName(path.c_str()), QString::number(facts->size))};
}

bool DatabaseFile::isAt(const std::string &path) const
{
    os::Result<std::optional<os::FileFacts>> target = os::targetOf(path);
    return !target || (*target && (*target)->identity == m_identity);
}

SqliteCall::SqliteCall()
{
    ++s_calls;
}

SqliteCall::~SqliteCall()
{
    --s_calls;
}

} // namespace Holdfast
