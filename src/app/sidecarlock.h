// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractlock.h>

#include "core/pathlock_p.h"
#include "engine/sidecarbackend.h"

#include <QtCore/qstring.h>

#include <memory>

namespace Holdfast {

/** What a DocumentLock is told by its user, for the locks to come. */
struct DocumentSettings
{
    QString lockDirectory;
    QString fullName;
    QString application;
    OwnerFormats respected = EveryFormat;
};

class SidecarLockPrivate final : public PathLockPrivate
{
public:
    SidecarLockPrivate(const QString &path, DocumentSettings settings);

    const std::shared_ptr<SidecarNotes> notes = std::make_shared<SidecarNotes>();

private:
    LockCore::BackendFactory factoryFor(const std::string &path) const override;
    FamilyCheck otherFamilyCheck() const override;

    const DocumentSettings m_settings;
};

/** The lock of one document, as the engine knows it. A DocumentLock has one, and another one for each other document. */
class SidecarLock final : public AbstractLock
{
    Q_OBJECT
public:
    SidecarLock(const QString &path, const DocumentSettings &settings);
    ~SidecarLock() override;

    QString path() const { return d_ptr->name(); }
    LockHolder holder() const override;
    SidecarNotes &notes() const { return *d_func()->notes; }

private:
    SidecarLockPrivate *d_func() const { return static_cast<SidecarLockPrivate *>(d_ptr.get()); }
};

} // namespace Holdfast
