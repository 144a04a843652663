// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/systemerror.h"

namespace Holdfast::os {

/** The server has removed what a name led to a moment ago (NFS). */
bool saysVanished(const SystemError &error);

/** A link failed because there are no hard links on this filesystem, or none from here to there. */
bool saysNoHardLinks(const SystemError &error);

} // namespace Holdfast::os
