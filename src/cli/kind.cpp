// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/kind.h"

#include "cli/arguments.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>
#include <holdfast/softreadwritelock.h>
#include <holdfast/sql/readwritelock.h>
#include <holdfast/strictsoftfilelock.h>

#include <array>
#include <utility>

namespace Holdfast::Cli {

namespace {

constexpr std::array Kinds{
    std::pair{Kind::File, "file"},
    std::pair{Kind::Soft, "soft"},
    std::pair{Kind::Lease, "lease"},
    std::pair{Kind::Strict, "strict"},
    std::pair{Kind::SoftReadWrite, "soft-rw"},
    std::pair{Kind::ReadWrite, "rw"},
};

std::unique_ptr<AbstractLock> makeBareLock(const RunOptions &options)
{
    switch (options.kind) {
    case Kind::File: {
        FileLockOptions file;
        file.mode = options.mode;
        file.softFallback = SoftFallback::Refused; // who wants a soft lock says so
        return std::make_unique<FileLock>(options.file, file);
    }
    case Kind::Soft:
        return std::make_unique<SoftFileLock>(options.file);
    case Kind::Lease: {
        auto lease = std::make_unique<SoftFileLease>(options.file);
        if (options.lease)
            lease->setDuration(*options.lease);
        return lease;
    }
    case Kind::Strict:
        return std::make_unique<StrictSoftFileLock>(options.file);
    case Kind::SoftReadWrite: {
        SoftReadWriteLockOptions readWrite;
        readWrite.mode = options.mode;
        return std::make_unique<SoftReadWriteLock>(options.file, readWrite);
    }
    case Kind::ReadWrite:
        if (options.server)
            return std::make_unique<ReadWriteLock>(describeConnection(*options.server), options.file,
                                                   ReadWriteLockOptions{.mode = options.mode});
        return std::make_unique<ReadWriteLock>(options.file, ReadWriteLockOptions{.mode = options.mode});
    }
    return nullptr;
}

} // namespace

std::optional<Kind> parseKind(const QString &word)
{
    for (const auto &[kind, name] : Kinds) {
        if (word == QLatin1String(name))
            return kind;
    }
    return std::nullopt;
}

QString kindWord(Kind kind)
{
    return QString::fromLatin1(Kinds[static_cast<std::size_t>(kind)].second);
}

bool isReadWrite(Kind kind)
{
    return kind == Kind::SoftReadWrite || kind == Kind::ReadWrite;
}

bool mustBeRenewed(const RunOptions &options)
{
    return options.kind == Kind::Lease || options.kind == Kind::SoftReadWrite || options.server;
}

std::unique_ptr<AbstractLock> makeLock(const RunOptions &options)
{
    std::unique_ptr<AbstractLock> lock = makeBareLock(options);
    if (options.pollInterval)
        lock->setPollInterval(*options.pollInterval);
    if (options.lifetime)
        lock->setLifetime(*options.lifetime);
    return lock;
}

} // namespace Holdfast::Cli
