// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockinspection.h>

#include <QtCore/qstring.h>

namespace Holdfast::Cli {

/** Adds to @p inspection who edits the document @p path, as the files beside it tell. */
void addEditors(const QString &path, LockInspection &inspection);

} // namespace Holdfast::Cli
