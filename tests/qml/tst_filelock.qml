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

    function test_aReadOnlyDiskIsAnError() {
        const path = Hand.path("a.lock")
        if (!Hand.makeReadOnly(path))
            skip("no disk can be mounted here")
        const lock = create({ path: path, active: true })
        tryCompare(lock, "status", FileLock.Error)
        verify(lock.errorString.includes("read-only") && lock.errorString.includes(path), lock.errorString)
        verify(!lock.held)
    }

    function test_twoThatShareDoNotExcludeEachOther() {
        const path = Hand.path("a.lock")
        const a = create({ path: path, mode: FileLock.Shared, active: true, timeout: 0 })
        const b = create({ path: path, mode: FileLock.Shared, active: true, timeout: 0 })
        tryCompare(a, "held", true)
        tryCompare(b, "held", true)
        const c = create({ path: path, mode: FileLock.Exclusive, active: true, timeout: 0 })
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

    function test_namesWhoHasItNow() {
        const path = Hand.path("a.lock")
        const first = stranger(path)
        const second = stranger(path)
        compare(first.ask("tryRead"), "acquired")
        const lock = create({ path: path, active: true })
        const contended = spyOn(lock, "contended")
        contended.wait()
        compare(lock.owner.processId, first.processId())
        compare(second.ask("tryRead"), "acquired")
        compare(first.ask("release"), "released")
        tryVerify(() => lock.owner.processId === second.processId())
        compare(contended.count, 2)
        compare(lock.status, FileLock.Waiting)
        compare(first.ask("tryRead"), "acquired")
        compare(second.ask("release"), "released")
        tryVerify(() => lock.owner.processId === first.processId())
        compare(first.ask("release"), "released")
        tryCompare(lock, "held", true)
        verify(!lock.owner.valid)
    }

    function test_emptiesTheFileIfItIsToBeClear() {
        const path = Hand.path("a.lock")
        verify(Hand.write(path, "from before"))
        const lock = create({ path: path, active: true })
        tryCompare(lock, "held", true)
        compare(Hand.read(path), "from before")
        lock.contents = Holdfast.Clear // for the next hold
        verify(lock.held)
        compare(Hand.read(path), "from before")
        lock.release()
        lock.acquire()
        tryCompare(lock, "held", true)
        compare(Hand.read(path), "")
    }

    function test_givesTheFileItsPermissions() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path, permissions: 0o604, active: true })
        tryCompare(lock, "held", true)
        compare(Hand.permissions(path), 0o604)
    }

    function test_isNoSoftLockWhereThereAreOthers() {
        const lock = create({ path: Hand.path("a.lock"), softFallback: Holdfast.Refused, preserveFile: true, active: true })
        tryCompare(lock, "held", true)
        verify(!lock.soft)
    }

    function test_saysWhichOptionMeansNothing_data() {
        return [
            { tag: "contents", properties: { contents: 77 }, says: /contents 77: there is none of that number.*FileContents/ },
            { tag: "soft fallback", properties: { softFallback: -3 }, says: /softFallback -3: .*SoftFallback/ },
            { tag: "permissions", properties: { permissions: 0o1777 }, says: /permissions 1023/ },
            { tag: "negative permissions", properties: { permissions: -1 }, says: /permissions -1/ }
        ]
    }

    function test_saysWhichOptionMeansNothing(data) {
        const path = Hand.path("a.lock")
        const lock = create(Object.assign({ path: path, active: true }, data.properties))
        tryCompare(lock, "status", FileLock.Error)
        compare(lock.error, Holdfast.InvalidArgument)
        verify(data.says.test(lock.errorString), lock.errorString)
        verify(!Hand.exists(path))
    }
}
