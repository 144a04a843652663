// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Holdfast {

/**
 * Removes what processes that were killed at the wrong moment have left beside the marker at @p path, an absolute one:
 *
 * - what was moved aside to be deleted (isAside()), if it is a marker whose owner is proven dead. A text that was kept, and
 *   the marker of somebody who lives and was displaced, stay.
 * - probes of the filesystem's clock (os::isProbe()) that are an hour old by that clock.
 *
 * Lists the directory: for moments that are rare. Errors are no news; the next one tries again.
 */
void removeLeftovers(const std::string &path);

} // namespace Holdfast
