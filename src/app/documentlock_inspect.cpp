// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/documentlock.h>

#include "engine/canonicalname.h"
#include "engine/ownerfiles.h"
#include "engine/sidecar.h"

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

// Of our own files the system's lock says whether the owner lives, and so they are asked for on their own.
DocumentInspection DocumentLock::inspect(const QString &path)
{
    DocumentInspection inspection;
    Failure failure;
    const std::string document = canonicalTarget(path, &failure);
    if (!failure.isSet())
        inspection.files = ownerFilesBeside(document, &failure);
    for (OwnerFile &file : inspection.files) {
        Failure unreadable;
        const bool isOurs = file.format == OwnerFile::Format::LibreOffice && !file.holder.token.isEmpty();
        if (isOurs)
            file.holder = sidecarHolder(sidecarPath(document, {}), &unreadable);
    }
    inspection.owner = ownerAmong(inspection.files);
    inspection.error = failure.error;
    inspection.errorString = std::move(failure.text);
    return inspection;
}

} // namespace Holdfast
