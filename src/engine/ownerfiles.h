// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/ownerfile.h>

#include "engine/failure.h"

#include <QtCore/qlist.h>

#include <string>

namespace Holdfast {

/** Some of the formats, as bits. */
using OwnerFormats = unsigned;
constexpr OwnerFormats bitOf(OwnerFile::Format format)
{
    return 1U << static_cast<unsigned>(format);
}
inline constexpr OwnerFormats EveryFormat = ~0U;

/**
 * The files of other programs beside the document at the canonical path @p document, which need not be there. @p failure is set
 * to the first reason why there may be more; what was found is given all the same. What is not @p wanted is not even opened.
 */
HOLDFAST_CORE_EXPORT QList<OwnerFile> ownerFilesBeside(const std::string &document, Failure *failure,
                                                       OwnerFormats wanted = EveryFormat);

} // namespace Holdfast
