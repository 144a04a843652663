// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/sidecarlock.h"

#include "engine/attemptpool.h"

#include <QtCore/qfile.h>

#include <chrono>
#include <utility>

namespace Holdfast {

namespace {

// Events tell of releases on this machine; this is for other machines, and for programs that leave no file to be watched.
constexpr std::chrono::milliseconds PollInterval{2000};

} // namespace

SidecarLockPrivate::SidecarLockPrivate(const QString &path, DocumentSettings settings)
    : PathLockPrivate(path, Anchor::Creation), m_settings(std::move(settings))
{
    core->options.builtInPool = attemptPool(AttemptPool::Files);
    core->options.pollInterval = PollInterval;
    core->options.threadScope = ThreadScope::Shared;
    publish();
}

LockCore::BackendFactory SidecarLockPrivate::factoryFor(const std::string &path) const
{
    SidecarOptions options{.document = path,
                           .directory = QFile::encodeName(m_settings.lockDirectory).toStdString(),
                           .fullName = m_settings.fullName.toStdString(),
                           .application = m_settings.application.toStdString(),
                           .respected = m_settings.respected,
                           .notes = notes};
    return [options](const LockOptions &) { return std::make_unique<SidecarBackend>(options); };
}

// Nothing of the other kinds of locks lies where sidecars do.
PathLockPrivate::FamilyCheck SidecarLockPrivate::otherFamilyCheck() const
{
    return [](const std::string &) { return Failure(); };
}

SidecarLock::SidecarLock(const QString &path, const DocumentSettings &settings)
    : AbstractLock(std::make_unique<SidecarLockPrivate>(path, settings), nullptr)
{ }

SidecarLock::~SidecarLock() = default;

LockHolder SidecarLock::holder() const
{
    const MadeBackend made = d_ptr->core->makeBackend();
    return made.backend ? made.backend->holder() : LockHolder();
}

} // namespace Holdfast
