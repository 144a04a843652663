// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/backgroundwork.h"

#include "os/backgroundthread.h"

#include <memory>
#include <utility>

namespace Holdfast {

bool startInBackground(const char *name, std::function<void()> work)
{
    using Work = std::function<void()>;
    auto theirs = std::make_unique<Work>(std::move(work));
    const auto enter = [](void *given) {
        const std::unique_ptr<Work> own(static_cast<Work *>(given));
        std::exchange(*own, nullptr)(); // whatever it has kept goes with it
    };
    if (!os::startBackgroundThread(name, enter, theirs.get()))
        return false;
    static_cast<void>(theirs.release());
    return true;
}

} // namespace Holdfast
