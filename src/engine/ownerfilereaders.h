// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/ownerfile.h>

#include "os/markerreader.h"

#include <QtCore/qlist.h>

#include <string>
#include <string_view>

namespace Holdfast {

/** An owner file that is there: what it is called, and what was read of it. */
struct FoundOwnerFile
{
    std::string path;
    os::MarkerContent content;
};

/** Everything but what the text says. */
OwnerFile ownerFileOf(const FoundOwnerFile &found, OwnerFile::Format format);

OwnerFile readLibreOfficeFile(const FoundOwnerFile &found);
QList<OwnerFile> readSharingFile(const FoundOwnerFile &found); ///< one for each user
OwnerFile readMsOfficeFile(const FoundOwnerFile &found);
OwnerFile readEmacsFile(const FoundOwnerFile &found);
OwnerFile readVimFile(const FoundOwnerFile &found);

} // namespace Holdfast
