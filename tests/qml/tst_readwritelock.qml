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

    function test_keepsWhatItHoldsWhenThereIsNoSuchMode() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path, mode: ReadWriteLock.Read, active: true })
        tryCompare(lock, "held", true)
        lock.mode = 77
        tryCompare(lock, "status", ReadWriteLock.Error)
        compare(lock.error, Holdfast.InvalidArgument)
        verify(/ 77/.test(lock.errorString), lock.errorString)
        compare(lock.mode, 77) // what was wished
        compare(lock.heldPath, path)
        compare(stranger(path).ask("try"), "busy")
        lock.mode = ReadWriteLock.Read
        tryCompare(lock, "status", ReadWriteLock.Held)
    }
}
