// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/fileidentity.h"
#include "os/result.h"

#include <cstdint>
#include <string>

namespace Holdfast::os {

/**
 * While one exists, somebody in this process relies on POSIX locks on the file, as SQLite does. They belong to the process, and
 * when any descriptor of the file is closed, the system drops all of them.
 *
 * So nothing here opens the file meanwhile (see checkUnguarded()), and a descriptor of it that was open already is kept when it
 * should be closed, without its own locks, until this one goes. Any thread; one for each file.
 */
class GuardedFile
{
public:
    explicit GuardedFile(const FileIdentity &identity);
    ~GuardedFile();
    GuardedFile(const GuardedFile &) = delete;
    GuardedFile &operator=(const GuardedFile &) = delete;

    // Around a fork.
    static void lockAll();
    static void unlockAll();
    static void abandonAll(); ///< in the child, which has none of the locks; locked

private:
    const FileIdentity m_identity;
};

/** ErrorKind::InUseHere when @p name, in the open directory @p directory, must not be opened. Asks nobody where no file is guarded. */
Status checkUnguarded(std::intptr_t directory, const std::string &name);

/** Closes @p descriptor, or keeps it when that would cost somebody here his locks. */
void closeUnguarded(std::intptr_t descriptor);

} // namespace Holdfast::os
