// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import Holdfast
import Testing

LockTests {
    name: "SoftFileLease"
    kind: "lease"
    lockType: Component {
        SoftFileLease { }
    }

    function test_hasATokenWhileHeld() {
        const lock = create({ path: Hand.path("a.lock") })
        compare(lock.token, "")
        lock.active = true
        tryVerify(() => /^[0-9a-f]{32}$/.test(lock.token))
        lock.active = false
        tryCompare(lock, "token", "")
    }

    function test_refusesAHeartbeatThatDoesNotKeepItAlive() {
        const lock = create({ path: Hand.path("a.lock"), active: true, duration: 1000, heartbeat: 1000 })
        tryCompare(lock, "status", SoftFileLease.Error)
        verify(/heartbeat every 1000 ms/.test(lock.errorString), lock.errorString)
    }

    function test_durationsMustAgree() {
        const path = Hand.path("a.lock")
        holder(path)
        const lock = create({ path: path, active: true, duration: 1234 })
        tryCompare(lock, "error", Holdfast.SettingsMismatch)
    }
}
