// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include "engine/backend.h"
#include "engine/filesystemage.h"
#include "engine/ownerfiles.h"
#include "engine/sidecar.h"
#include "os/markerreader.h"
#include "os/recordfile.h"

#include <memory>
#include <optional>
#include <string>

namespace Holdfast {

/** How a SidecarBackend finds its sidecar, and what it writes into it. */
struct SidecarOptions
{
    std::string document = {};    ///< in the filesystem's encoding; may be relative, or a symbolic link
    std::string directory = {};   ///< of the sidecars; empty: beside each document
    std::string fullName = {};    ///< UTF-8
    std::string application = {}; ///< UTF-8

    /** Files of which other programs beside the document count. LibreOffice's is the sidecar itself if that lies beside, too. */
    OwnerFormats respected = EveryFormat;

    std::shared_ptr<SidecarNotes> notes = std::make_shared<SidecarNotes>();
};

/**
 * The lock of a document: the system's lock on a sidecar, in which stands who has it. The sidecar is made by who takes the lock
 * and removed by who lets go; one that is left over shows that its owner has died.
 */
class HOLDFAST_CORE_EXPORT SidecarBackend final : public Backend
{
public:
    explicit SidecarBackend(SidecarOptions options);
    ~SidecarBackend() override;

    Attempt attempt(LockMode mode) override;
    void stopTrying() override;
    std::optional<Failure> release() override;
    void drop() override;
    void abandon() override;
    LossReason inspect() override;
    LossReason verify() override;
    Upkeep upkeep() const override;
    Renewal renew() override;
    os::FileIdentity identity() const override { return m_facts.identity; }
    Watchable watchable() const override
    {
        return {.descriptor = m_file.descriptor(), .opening = m_opening, .contents = true};
    }
    QString token() const override { return QString::fromStdString(m_token); }
    LockHolder holder() const override;
    QString name() const override;

private:
    using Step = std::optional<Attempt>; // nothing: go on

    Step resolve();
    Step lookForItsFolder();
    Step lookForOthers();
    Step tryOnce();
    Step open();
    Step refusedToOpen(const os::SystemError &error);
    Step lock(os::LockAnswer *answer);
    Step judge();
    Step judgeUnread();
    Step take(const std::string &bytes);
    Step takeAway(os::MarkerReader &reader, const os::MarkerContent &judged);
    Attempt fill();
    void showToReaders();
    bool displaces(const LockHolder &holder); ///< by permission; then he is noted
    Attempt fail(const os::SystemError &error);
    Attempt refuse(Failure failure);
    void letGo();

    const SidecarOptions m_options;
    std::string m_document; ///< canonical, from the first attempt on
    std::string m_path;     ///< of its sidecar
    std::string m_token;    ///< of the hold
    std::string m_text;     ///< and what was written for it
    os::RecordFile m_file;
    os::Opening m_opened = os::Opening::Found;
    os::FileFacts m_facts; ///< from the last attempt to lock it
    SidecarGuarantee m_guarantee = SidecarGuarantee::None;
    LockHolder m_crashed;          ///< who had it before, and had died
    QList<LockHolder> m_displaced; ///< or has to go, by permission
    FilesystemAge m_age;
    std::uint64_t m_opening = 0;
    bool m_isHeld = false;
};

} // namespace Holdfast
