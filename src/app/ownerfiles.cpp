// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/ownerfiles.h>

#include "engine/canonicalname.h"
#include "engine/ownerfiles.h"

#include <algorithm>
#include <utility>

namespace Holdfast {

OwnerFile OwnerFileList::inTheWay() const
{
    const auto found =
        std::find_if(files.begin(), files.end(), [](const OwnerFile &file) { return file.isInTheWay(); });
    return found == files.end() ? OwnerFile() : *found;
}

OwnerFileList ownerFiles(const QString &document)
{
    OwnerFileList list;
    Failure failure;
    const std::string canonical = canonicalTarget(document, &failure);
    if (!failure.isSet())
        list.files = ownerFilesBeside(canonical, &failure);
    list.error = failure.error;
    list.errorString = std::move(failure.text);
    return list;
}

} // namespace Holdfast
