// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/ownerfiles.h>

#include "engine/canonicalname.h"
#include "engine/ownerfiles.h"
#include "engine/sidecar.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

OwnerFile OwnerFileList::inTheWay() const
{
    const auto found =
        std::find_if(files.begin(), files.end(), [](const OwnerFile &file) { return file.isInTheWay(); });
    return found == files.end() ? OwnerFile() : *found;
}

namespace {

// Of a file of this library the system's lock says whether its owner lives, also when the file must not be read.
void judgeOurs(OwnerFile &file)
{
    if (file.format != OwnerFile::Format::LibreOffice)
        return;
    Failure unreadable;
    const LockHolder holder = sidecarHolder(QFile::encodeName(file.file).toStdString(), &unreadable);
    if (holder.isValid() && holder.token == file.holder.token)
        file.holder = holder;
}

} // namespace

OwnerFileList ownerFiles(const QString &document)
{
    OwnerFileList list;
    Failure failure;
    const std::string canonical = canonicalTarget(document, &failure);
    if (!failure.isSet())
        list.files = ownerFilesBeside(canonical, &failure);
    for (OwnerFile &file : list.files) {
        judgeOurs(file);
        if (file.format == OwnerFile::Format::LibreOffice && !failure.isSet())
            failure = sidecarObstacle(canonical, QFile::encodeName(file.file).toStdString());
    }
    list.error = failure.error;
    list.errorString = std::move(failure.text);
    return list;
}

} // namespace Holdfast
