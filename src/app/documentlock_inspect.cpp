// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/documentlock.h>
#include <holdfast/app/ownerfiles.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

namespace {

// The first who is in the way; if nobody is, the first who has left something behind.
LockHolder ownerAmong(const QList<OwnerFile> &files)
{
    const auto found =
        std::find_if(files.begin(), files.end(), [](const OwnerFile &file) { return file.isInTheWay(); });
    if (found != files.end())
        return found->holder;
    return files.isEmpty() ? LockHolder() : files.first().holder;
}

} // namespace

DocumentInspection DocumentLock::inspect(const QString &path)
{
    OwnerFileList list = Holdfast::ownerFiles(path);
    const LockHolder owner = ownerAmong(list.files);
    return {.files = std::move(list.files),
            .owner = owner,
            .error = list.error,
            .errorString = std::move(list.errorString)};
}

} // namespace Holdfast
