// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "core/filemode.h"

namespace Holdfast {

unsigned toMode(QFileDevice::Permissions permissions)
{
    unsigned mode = 0;
    const auto add = [&](QFileDevice::Permission permission, unsigned bit) {
        if (permissions & permission)
            mode |= bit;
    };
    add(QFileDevice::ReadOwner, 0400);
    add(QFileDevice::WriteOwner, 0200);
    add(QFileDevice::ExeOwner, 0100);
    add(QFileDevice::ReadGroup, 0040);
    add(QFileDevice::WriteGroup, 0020);
    add(QFileDevice::ExeGroup, 0010);
    add(QFileDevice::ReadOther, 0004);
    add(QFileDevice::WriteOther, 0002);
    add(QFileDevice::ExeOther, 0001);
    return mode;
}

} // namespace Holdfast
