// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/ownerfiles.h>

#include <QtCore/qjsonarray.h>
#include <QtCore/qstring.h>

namespace Holdfast::Cli {

/** `  owner file .#notes.txt: Emacs (pid 4711, user anna) on desk, alive, for 7 s`: a line for each; empty when there is none. */
QString ownerFilesText(const OwnerFileList &list);

/** An object for each. */
QJsonArray ownerFilesJson(const OwnerFileList &list);

} // namespace Holdfast::Cli
