// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/ownerfile.h>

namespace Holdfast {

bool OwnerFile::isInTheWay() const
{
    return holder.isValid() && holder.liveness != Liveness::Dead;
}

} // namespace Holdfast
