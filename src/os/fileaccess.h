// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/result.h"

#include <cstdint>
#include <string>

namespace Holdfast::os {

/**
 * Gives the open file, which is ours, the rights on the file @p model: permissions, access control list, and its owner and group as
 * far as this process may give files away. Where its group or its list cannot be had, the new group and everybody get what both
 * had; with a list, nothing: nobody may do more with the new file than with the old one. An error: the rights are as they were.
 */
Status copyAccess(std::intptr_t descriptor, const std::string &model);

/** Gives it the rights that a new file gets in the directory of @p probe, by this process's umask and the directory's defaults.
    @p probe is made and removed for that: a name that nobody else takes. */
Status takeUsualAccess(std::intptr_t descriptor, const std::string &probe);

} // namespace Holdfast::os
