// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlfilelock.h"

#include <holdfast/filelock.h>

namespace Holdfast {

static_assert(int(QmlFileLock::Mode::Exclusive) == int(LockMode::Exclusive)
              && int(QmlFileLock::Mode::Shared) == int(LockMode::Shared));

namespace {

constexpr int AllPermissions = 0777;

// Qt has four bits for each three of the system's.
QFileDevice::Permissions toPermissions(int mode)
{
    const int owner = (mode >> 6) & 7;
    const int group = (mode >> 3) & 7;
    const int others = mode & 7;
    return QFileDevice::Permissions::fromInt((owner << 12) | (group << 4) | others);
}

static_assert(QFileDevice::ReadOwner == 4 << 12 && QFileDevice::ReadGroup == 4 << 4 && QFileDevice::ReadOther == 4);

} // namespace

QmlFileLock::QmlFileLock(QObject *parent) : QmlCoreLock(FileLockOptions().pollInterval, parent) { }

QmlFileLock::Mode QmlFileLock::mode() const
{
    return static_cast<Mode>(lockMode());
}

void QmlFileLock::setMode(Mode mode)
{
    if (setLockMode(static_cast<LockMode>(mode)))
        Q_EMIT modeChanged();
}

void QmlFileLock::setContents(FileContents contents)
{
    if (setOption(m_contents, contents))
        Q_EMIT contentsChanged();
}

void QmlFileLock::setPermissions(int permissions)
{
    if (setOption(m_permissions, permissions))
        Q_EMIT permissionsChanged();
}

void QmlFileLock::setSoftFallback(SoftFallback fallback)
{
    if (setOption(m_softFallback, fallback))
        Q_EMIT softFallbackChanged();
}

void QmlFileLock::setPreserveFile(bool preserve)
{
    if (setOption(m_preservesFile, preserve))
        Q_EMIT preserveFileChanged();
}

bool QmlFileLock::isSoft() const
{
    const auto *lock = static_cast<const FileLock *>(heldLock());
    return lock && lock->isSoft();
}

QString QmlFileLock::obstacle() const
{
    if (m_permissions >= 0 && m_permissions <= AllPermissions)
        return QmlCoreLock::obstacle();
    return QStringLiteral(
               "Cannot lock %1 with the permissions %2: take a number as chmod has it, as 0o640, of at most 0o777")
        .arg(path(), QString::number(m_permissions));
}

bool QmlFileLock::configure(AbstractLock &lock) const
{
    auto &file = static_cast<FileLock &>(lock);
    return QmlCoreLock::configure(lock) && file.setContents(m_contents)
           && file.setPermissions(toPermissions(m_permissions)) && file.setSoftFallback(m_softFallback)
           && file.setPreserveFile(m_preservesFile);
}

std::unique_ptr<AbstractLock> QmlFileLock::makeLock(const QString &path) const
{
    return std::make_unique<FileLock>(path);
}

} // namespace Holdfast
