// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import Holdfast
import Testing

LockTests {
    name: "ReadWriteLock"
    kind: "sqlite-rw"
    reasonWhenRemoved: Holdfast.Replaced
    lockType: Component {
        ReadWriteLock { }
    }

    function test_readersDoNotExcludeEachOther() {
        const path = Hand.path("a.lock")
        const a = create({ path: path, mode: ReadWriteLock.Read, active: true })
        const b = create({ path: path, mode: ReadWriteLock.Read, active: true })
        tryCompare(a, "held", true)
        tryCompare(b, "held", true)
        const other = stranger(path)
        compare(other.ask("tryRead"), "acquired")
        const writer = create({ path: path, mode: ReadWriteLock.Write, active: true, timeout: 0 })
        tryCompare(writer, "status", ReadWriteLock.LockedByOther)
    }

    function test_fromReadingToWritingOthersMayComeInBetween() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path, mode: ReadWriteLock.Read, active: true })
        tryCompare(lock, "held", true)
        const other = stranger(path)
        compare(other.ask("tryRead"), "acquired")
        lock.mode = ReadWriteLock.Write
        verify(!lock.held)
        wait(0)
        compare(lock.heldPath, "")
        compare(lock.status, ReadWriteLock.Waiting)
        compare(other.ask("release"), "released")
        tryCompare(lock, "held", true)
        compare(stranger(path).ask("tryRead"), "busy")
        lock.mode = ReadWriteLock.Read
        tryCompare(lock, "held", true)
        compare(stranger(path).ask("tryRead"), "acquired")
    }
}
