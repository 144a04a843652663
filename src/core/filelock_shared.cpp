// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One lock object per file in a process, for those who ask for it.

#include <holdfast/filelock.h>

#include "core/filelock_p.h"
#include "core/sharedtable_p.h"

namespace Holdfast {

namespace {

OptionDifferences differences(const FileLockOptions &wanted, const FileLockOptions &frozen)
{
    OptionDifferences all = commonDifferences(wanted, frozen);
    all.compare(wanted.mode, frozen.mode, "mode");
    all.compare(wanted.permissions, frozen.permissions, "permissions");
    all.compare(wanted.contents, frozen.contents, "contents");
    all.compare(wanted.softFallback, frozen.softFallback, "softFallback");
    all.compare(wanted.preserveFile, frozen.preserveFile, "preserveFile");
    all.compare(wanted.heldHook, frozen.heldHook, "heldHook");
    return all;
}

} // namespace

SharedFileLock FileLock::shared(const QString &path, const FileLockOptions &options)
{
    return SharedTable<FileLock, FileLockOptions>::getByName(path, options, differences,
                                                             [](FileLock &lock) { lock.d_func()->frozen = true; });
}

} // namespace Holdfast
