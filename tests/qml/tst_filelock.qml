// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import Holdfast
import Testing

LockTests {
    name: "FileLock"
    kind: "file"
    reasonWhenRemoved: Holdfast.Replaced
    lockType: Component {
        FileLock { }
    }

    function test_understandsAUrlOfThisMachine() {
        const path = Hand.path("a b.lock")
        const lock = create({ path: "file://" + encodeURI(path), active: true })
        tryCompare(lock, "held", true)
        compare(stranger(path).ask("try"), "busy")
    }

    function test_twoThatShareDoNotExcludeEachOther() {
        const path = Hand.path("a.lock")
        const a = create({ path: path, mode: FileLock.Shared, active: true, timeout: 0 })
        const b = create({ path: path, mode: FileLock.Shared, active: true, timeout: 0 })
        const c = create({ path: path, mode: FileLock.Exclusive, active: true, timeout: 0 })
        tryCompare(a, "held", true)
        tryCompare(b, "held", true)
        tryCompare(c, "status", FileLock.LockedByOther)
    }

    function test_anotherModeIsAcquiredAnew() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path, mode: FileLock.Shared, active: true })
        tryCompare(lock, "held", true)
        const other = stranger(path)
        lock.mode = FileLock.Exclusive
        verify(!lock.held)
        tryCompare(lock, "held", true)
        compare(other.ask("tryRead"), "busy")
    }

    function test_keepsWhatItHoldsWhenThereIsNoSuchMode() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path, mode: FileLock.Shared, active: true })
        tryCompare(lock, "held", true)
        lock.mode = 77
        tryCompare(lock, "status", FileLock.Error)
        compare(lock.error, Holdfast.InvalidArgument)
        verify(/ 77/.test(lock.errorString), lock.errorString)
        compare(lock.mode, 77) // what was wished
        compare(lock.heldPath, path)
        compare(stranger(path).ask("try"), "busy")
        lock.mode = FileLock.Shared
        tryCompare(lock, "status", FileLock.Held)
    }
}
