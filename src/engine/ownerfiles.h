// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/ownerfile.h>

#include "engine/failure.h"

#include <QtCore/qlist.h>

#include <string>

namespace Holdfast {

/**
 * The files of other programs beside the document at the canonical path @p document, which need not be there. @p failure is set
 * to the first reason why there may be more; what was found is given all the same.
 */
HOLDFAST_CORE_EXPORT QList<OwnerFile> ownerFilesBeside(const std::string &document, Failure *failure);

} // namespace Holdfast
