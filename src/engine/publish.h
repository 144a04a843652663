// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/markerfile.h"

#include <optional>
#include <string>
#include <string_view>

namespace Holdfast {

/**
 * Makes @p name appear in @p directory with all of @p bytes in it, or not at all: written under a name that nobody else
 * uses, then given the public one by a hard link. False: the name is somebody else's. The file stays open as @p file.
 *
 * An error after the link leaves the public name behind.
 */
os::Result<bool> publish(const os::Directory &directory, const std::string &name, std::string_view bytes,
                         std::optional<unsigned> permissions, os::MarkerFile &file);

/** Gives @p file a second name. False: the first is gone, or the second is somebody else's. */
os::Result<bool> addName(const os::Directory &directory, const std::string &existing, const std::string &added,
                         const os::FileIdentity &file);

} // namespace Holdfast
