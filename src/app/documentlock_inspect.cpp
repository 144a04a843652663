// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/documentlock.h>

#include "engine/canonicalname.h"
#include "engine/sidecar.h"

namespace Holdfast {

DocumentInspection DocumentLock::inspect(const QString &path)
{
    Failure failure;
    const std::string document = canonicalTarget(path, &failure);
    LockHolder holder;
    if (!failure.isSet())
        holder = sidecarHolder(sidecarPath(document, {}), &failure);
    return {.owner = holder, .error = failure.error, .errorString = failure.text};
}

} // namespace Holdfast
