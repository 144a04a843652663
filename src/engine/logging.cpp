// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/logging.h"

namespace Holdfast {

Q_LOGGING_CATEGORY(lcHoldfast, "holdfast", QtWarningMsg)

} // namespace Holdfast
