// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/result.h"

#include <cstdint>
#include <string>

namespace Holdfast::os {

/**
 * Gives the open file, which is ours, the rights on the file @p model: permissions, access control list, and its owner and group as
 * far as this process may give files away. Where its group or its list cannot be had, the new group gets what everybody has:
 * nobody may do more with the new file than with the old one. An error: the rights are as they were.
 */
Status copyAccess(std::intptr_t descriptor, const std::string &model);

} // namespace Holdfast::os
