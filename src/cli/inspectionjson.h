// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockinspection.h>

#include <QtCore/qstring.h>

namespace Holdfast::Cli {

/** What `status --json` says: one line with one object, whose keys holdfast.1 promises. */
QString inspectionJson(const QString &file, const LockInspection &inspection);

} // namespace Holdfast::Cli
