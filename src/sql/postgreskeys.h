// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

namespace Holdfast {

/**
 * The three advisory locks that make up one read/write lock on a server, all in the space of single 64-bit numbers.
 *
 * lock: shared by readers, exclusive for the writer; whoever takes only this one takes part.
 * gate: exclusive for a writer who waits; readers pass through it (shared) for the moment in which they take the lock.
 * bell: shared by sessions in which somebody waits; whoever lets go tries it, and tells them when he cannot have it.
 */
struct PostgresKeys
{
    explicit PostgresKeys(qint64 key) : lock(key), gate(key ^ GateMask), bell(key ^ BellMask) { }

    /** The first eight bytes of the name's SHA-256, most significant first. */
    static qint64 of(const QString &name);

    // "holdgate" and "holdbell" in ASCII.
    static constexpr qint64 GateMask = 0x686f6c6467617465;
    static constexpr qint64 BellMask = 0x686f6c6462656c6c;

    qint64 lock;
    qint64 gate;
    qint64 bell;
};

} // namespace Holdfast
