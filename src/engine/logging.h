// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include <QtCore/qloggingcategory.h>

namespace Holdfast {

/// `holdfast`: debug for every transition, warning for misuse. Off (debug) unless asked for.
/// Q_DECLARE_LOGGING_CATEGORY would keep it from the other libraries.
HOLDFAST_CORE_EXPORT const QLoggingCategory &lcHoldfast();

} // namespace Holdfast
