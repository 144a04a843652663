// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/backend.h"

#include <utility>

namespace Holdfast {

/** For a lock that cannot even be tried: a path that names nothing. */
class RefusingBackend final : public Backend
{
public:
    explicit RefusingBackend(Failure why) : m_why(std::move(why)) { }
    Attempt attempt(LockMode) override { return Attempt::failed(m_why); }
    void stopTrying() override { }
    std::optional<Failure> release() override { return std::nullopt; }
    void drop() override { }
    void abandon() override { }
    LossReason inspect() override { return LossReason::None; }
    os::FileIdentity identity() const override { return {}; }
    Watchable watchable() const override { return {}; }
    LockHolder holder() const override { return {}; }

private:
    const Failure m_why;
};

} // namespace Holdfast
