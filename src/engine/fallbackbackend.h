// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/filebackend.h"
#include "engine/softbackend.h"

#include <atomic>
#include <memory>

namespace Holdfast {

/**
 * The operating system's lock, and from the first time that the filesystem says it has none (ENOSYS) a soft lock in its
 * place, for good, as Python's filelock does.
 */
class FallbackBackend final : public Backend
{
public:
    /** @param fallen shared by all backends of one lock: whether it is a soft lock now */
    FallbackBackend(const FileBackendOptions &native, const LockOptions &lock,
                    std::shared_ptr<std::atomic<bool>> fallen);

    Attempt attempt(LockMode mode) override;
    Attempt attemptBriefly(LockMode mode) override;
    void stopTrying() override { active().stopTrying(); }
    std::optional<Failure> release() override { return active().release(); }
    void drop() override { active().drop(); }
    void abandon() override;
    LossReason inspect() override { return active().inspect(); }
    LossReason verify() override { return active().verify(); }
    Upkeep upkeep() const override { return active().upkeep(); }
    Renewal renew() override { return active().renew(); }
    os::FileIdentity identity() const override { return active().identity(); }
    Watchable watchable() const override { return active().watchable(); }
    LockHolder holder() const override;
    QString name() const override { return m_native.name(); }

private:
    Backend &active() { return m_isSoft ? static_cast<Backend &>(m_soft) : m_native; }
    const Backend &active() const { return m_isSoft ? static_cast<const Backend &>(m_soft) : m_native; }
    Attempt attemptSoftly(LockMode mode);

    FileBackend m_native;
    SoftBackend m_soft;
    const std::string m_path;
    const std::shared_ptr<std::atomic<bool>> m_fallen;
    bool m_isSoft = false; // this backend has taken notice
};

} // namespace Holdfast
