// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

namespace Holdfast::Cli {

Descriptor::~Descriptor()
{
    if (isOpen())
        close(static_cast<int>(m_value));
}

Descriptor Descriptor::duplicateOf(std::intptr_t descriptor)
{
    Descriptor duplicate;
    duplicate.m_value = fcntl(static_cast<int>(descriptor), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return duplicate;
}

} // namespace Holdfast::Cli
