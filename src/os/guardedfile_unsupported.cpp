// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/guardedfile.h"

namespace Holdfast::os {

GuardedFile::GuardedFile(const FileIdentity &identity) : m_identity(identity) { }

GuardedFile::~GuardedFile() = default;

void GuardedFile::lockAll() { }

void GuardedFile::unlockAll() { }

void GuardedFile::abandonAll() { }

Status checkUnguarded(std::intptr_t, const std::string &)
{
    return {};
}

void closeUnguarded(std::intptr_t) { }

} // namespace Holdfast::os
