// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/instanceelection.h"

#include "app/instancename.h"
#include "os/process.h"

#include <holdfast/filelock.h>

#include <QtCore/qfile.h>

#include <utility>

namespace Holdfast {

namespace {

using Access = SingleInstance::Access;
using Error = SingleInstance::Error;
using namespace std::chrono_literals;

constexpr QFileDevice::Permissions OwnFile = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr QFileDevice::Permissions EverybodysFile =
    OwnFile | QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther;

constexpr std::chrono::milliseconds ForEver = -1ms;

// A primary whose lock file was removed makes it anew within a few milliseconds, or, if it had it for less than a moment, some more.
// One that has died does not.
constexpr std::chrono::milliseconds YieldingPause = 100ms;
constexpr int MostYields = 10;
constexpr std::chrono::milliseconds SettledAfter = 2s; // somebody has it, and does not yield

} // namespace

InstanceElection::InstanceElection(const InstanceSettings &settings, QObject *parent)
    : QObject(parent), m_settings(settings)
{
    m_settled.setSingleShot(true);
    m_settled.setInterval(SettledAfter);
    connect(&m_settled, &QTimer::timeout, this, &InstanceElection::settle);
    m_pause.setSingleShot(true);
    m_pause.setInterval(YieldingPause);
    connect(&m_pause, &QTimer::timeout, this, &InstanceElection::ask);
}

InstanceElection::~InstanceElection() = default;

bool InstanceElection::prepareName()
{
    const QString key = m_settings.key.isEmpty() ? applicationKey() : m_settings.key;
    if (key.isEmpty() || key.contains(QChar(u'\0')) || !key.isValidUtf16()) {
        failed({Error::InvalidArgument,
                QStringLiteral("The key of a single instance is empty, or has a zero or half a character in it. "
                               "Give it one, or the application a name.")});
        return false;
    }
    QByteArray session;
    if (m_settings.scope == SingleInstance::Scope::Session && (session = sessionName()).isEmpty()) {
        failed({Error::NoSession,
                QStringLiteral("Cannot tell which session of the user this is: neither XDG_SESSION_ID nor "
                               "WAYLAND_DISPLAY nor DISPLAY is set, and the kernel counts no session. Set "
                               "XDG_SESSION_ID, or take the scope User.")});
        return false;
    }
    m_name = instanceName(key, m_settings.scope, session);
    return true;
}

bool InstanceElection::prepare()
{
    m_failure = {};
    if (m_lock)
        return true;
    if (!prepareName())
        return false;
    if (m_directory)
        keepPermissions();
    auto opened = openInstanceDirectory(m_settings);
    if (const auto *why = std::get_if<InstanceFailure>(&opened)) {
        m_failure = *why;
        return false;
    }
    m_directory = std::move(std::get<InstanceDirectory>(opened));
    const std::string name = m_name.toStdString() + ".lock";
    m_failure = checkInstanceFile(*m_directory, name, m_settings.access);
    if (m_failure.isSet())
        return false;
    FileLockOptions options;
    options.permissions = m_settings.access == Access::Everyone ? EverybodysFile : OwnFile;
    options.softFallback = SoftFallback::Refused; // a marker would make a dead primary live on
    options.heldHook = std::make_shared<const HeldHook>([this](qintptr descriptor) {
        m_descriptor = descriptor;
        return std::optional<QString>();
    });
    m_lock = std::make_unique<FileLock>(QFile::decodeName((m_directory->path + '/' + name).c_str()), options);
    connect(m_lock.get(), &FileLock::acquired, this, [this] { conclude(); });
    connect(m_lock.get(), &FileLock::timedOut, this, [this] { report(Claim::Busy); });
    connect(m_lock.get(), &FileLock::errorOccurred, this, [this] { report(concluded(false)); });
    connect(m_lock.get(), &FileLock::lost, this, &InstanceElection::lost);
    return true;
}

Claim InstanceElection::failed(const InstanceFailure &failure)
{
    m_failure = failure;
    return Claim::Failed;
}

// The file is looked at again: somebody may have made it between the first look and the lock.
Claim InstanceElection::concluded(bool isLocked)
{
    if (!isLocked && m_lock->error() == LockError::None)
        return Claim::Busy;
    if (!isLocked)
        return failed({m_lock->error() == LockError::Unsupported ? Error::Unsupported : Error::CannotElect,
                       m_lock->errorString()});
    const InstanceFailure failure = checkInstanceFile(*m_directory, m_name.toStdString() + ".lock", m_settings.access);
    if (!failure.isSet())
        return Claim::Won;
    letGo();
    return failed(failure);
}

Claim InstanceElection::claimNow()
{
    return prepare() ? concluded(m_lock->tryAcquire()) : Claim::Failed;
}

Claim InstanceElection::claimWithin(std::chrono::milliseconds timeout)
{
    return prepare() ? concluded(m_lock->tryAcquireFor(timeout)) : Claim::Failed;
}

void InstanceElection::claim(std::chrono::milliseconds timeout)
{
    if (std::exchange(m_isClaiming, true))
        return;
    m_standsBy = timeout == ForEver;
    m_timeout = timeout;
    if (prepare()) {
        settle();
        return ask();
    }
    QMetaObject::invokeMethod(
        this, [this] { report(Claim::Failed); }, Qt::QueuedConnection);
}

void InstanceElection::settle()
{
    m_known = lockFile();
    m_yields = 0;
}

void InstanceElection::ask()
{
    if (m_standsBy)
        m_settled.start();
    m_lock->acquire({.timeout = m_timeout});
}

//   A, the primary, has the lock; B stands by for it
//   somebody removes the file: B makes it anew and has the lock, before A has noticed
//   A would be displaced, though it does its work, and has only to lock the new file
//
// The whole directory may have gone with it; waiting for the lock has made it anew, for everybody to look into.
void InstanceElection::conclude()
{
    m_settled.stop();
    if (m_standsBy && !m_directory->handle.isAt(m_directory->path)) {
        letGo();
        m_isClaiming = true;
        return prepare() ? ask() : report(Claim::Failed);
    }
    if (!m_standsBy || !yields())
        return report(concluded(true));
    m_lock->forceRelease();
    m_pause.start();
}

// Whoever leaves or dies leaves the file that he had.
bool InstanceElection::yields()
{
    return lockFile() != m_known && m_yields++ < MostYields;
}

InstanceElection::LockFileFacts InstanceElection::lockFile() const
{
    auto facts = m_directory->handle.facts(m_name.toStdString() + ".lock");
    return facts && *facts ? LockFileFacts{(*facts)->identity, (*facts)->modified} : LockFileFacts();
}

// Whoever waits for a lock in a directory that was removed makes it anew, as his umask says.
void InstanceElection::keepPermissions() const
{
    auto former = m_directory->handle.facts(".");
    auto facts = os::Directory::working().facts(m_directory->path);
    const bool isOurs = facts && *facts && (*facts)->type == os::FileFacts::Directory
                        && (*facts)->owner == os::currentUser() && former && *former
                        && (*former)->owner == os::currentUser();
    if (isOurs && (*facts)->mode != (*former)->mode)
        static_cast<void>(os::Directory::working().setMode(m_directory->path, (*former)->mode));
}

void InstanceElection::verify()
{
    if (m_lock && m_lock->isHeld())
        static_cast<void>(m_lock->verifyHeld());
}

void InstanceElection::report(Claim claim)
{
    m_isClaiming = false;
    Q_EMIT claimed(claim);
}

// What there was is forgotten, too: the next claim looks anew which directory and which file there are.
void InstanceElection::letGo()
{
    if (!m_lock)
        return;
    m_settled.stop();
    m_pause.stop();
    m_lock->disconnect(this);
    m_lock->forceRelease();
    FileLock *former = m_lock.release();
    former->setParent(this);
    former->deleteLater(); // perhaps it is it that has just called
    m_isClaiming = false;
}

LockHolder InstanceElection::holder() const
{
    return m_lock ? m_lock->holder() : LockHolder();
}

std::intptr_t InstanceElection::descriptor() const
{
    return m_lock && m_lock->isHeld() ? m_descriptor : -1;
}

os::SocketPlace InstanceElection::socketPlace() const
{
    return {m_directory->handle, m_directory->path, m_name.toStdString() + ".socket"};
}

InstanceFailure InstanceElection::checkSocket() const
{
    return checkInstanceFile(*m_directory, socketPlace().name, m_settings.access);
}

} // namespace Holdfast
