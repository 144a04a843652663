// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import Holdfast
import Testing

LockTests {
    name: "SoftReadWriteLock"
    kind: "soft-rw"
    proof: ".write"
    lockType: Component {
        SoftReadWriteLock { }
    }

    function test_readersDoNotExcludeEachOther() {
        const path = Hand.path("a.lock")
        const a = create({ path: path, mode: SoftReadWriteLock.Read, active: true })
        const b = create({ path: path, mode: SoftReadWriteLock.Read, active: true })
        tryCompare(a, "held", true)
        tryCompare(b, "held", true)
        const other = stranger(path)
        compare(other.ask("tryRead"), "acquired")
        const writer = create({ path: path, mode: SoftReadWriteLock.Write, active: true, timeout: 0 })
        tryCompare(writer, "status", SoftReadWriteLock.LockedByOther)
    }

    function test_fromReadingToWritingOthersMayComeInBetween() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path, mode: SoftReadWriteLock.Read, active: true })
        tryCompare(lock, "held", true)
        const other = stranger(path)
        compare(other.ask("tryRead"), "acquired")
        lock.mode = SoftReadWriteLock.Write
        verify(!lock.held)
        wait(0)
        compare(lock.heldPath, "")
        compare(lock.status, SoftReadWriteLock.Waiting)
        compare(other.ask("release"), "released")
        tryCompare(lock, "held", true)
        compare(stranger(path).ask("tryRead"), "busy")
        lock.mode = SoftReadWriteLock.Read
        tryCompare(lock, "held", true)
        compare(stranger(path).ask("tryRead"), "acquired")
    }

    function test_hasATokenWhileHeld() {
        const lock = create({ path: Hand.path("a.lock") })
        compare(lock.token, "")
        lock.active = true
        tryVerify(() => /^[0-9a-f]{32}$/.test(lock.token))
        lock.active = false
        tryCompare(lock, "token", "")
    }

    function test_refusesAThresholdBelowItsHeartbeat() {
        const lock = create({ path: Hand.path("a.lock"), active: true, heartbeatInterval: 500, staleThreshold: 400 })
        tryCompare(lock, "error", Holdfast.InvalidArgument)
        verify(/heartbeat every 500 ms/.test(lock.errorString), lock.errorString)
    }
}
