// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/filefacts.h"

#include <sys/stat.h>

namespace Holdfast::os {

FileFacts factsFrom(const struct stat &facts);

} // namespace Holdfast::os
