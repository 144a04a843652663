// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import Holdfast
import Testing

LockTests {
    name: "SoftFileLock"
    kind: "soft"
    lockType: Component {
        SoftFileLock { }
    }

    function test_leavesNoMarkerBehind() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path, active: true })
        tryCompare(lock, "held", true)
        verify(Hand.exists(path))
        lock.active = false
        tryCompare(lock, "heldPath", "")
        verify(!Hand.exists(path))
    }

    function test_refusesAGraceThatMeansNothing() {
        const lock = create({ path: Hand.path("a.lock"), active: true, malformedGrace: -9 })
        tryCompare(lock, "error", Holdfast.InvalidArgument)
    }
}
