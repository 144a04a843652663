// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What every lock type does: intent, facts, endings, change of path. Each tst_*.qml of a type is one of these, with what its
// type has besides.

import QtQuick
import QtTest
import Holdfast
import Testing

TestCase {
    id: test

    property string kind ///< of the helper program
    property Component lockType
    property string proof: "" ///< of a hold, is on disk at the path with this at its end
    property int reasonWhenRemoved: Holdfast.MarkerMissing
    property var strangers: []

    Component {
        id: spyType
        SignalSpy { }
    }

    function create(properties) : AbstractLock {
        return createTemporaryObject(test.lockType, test, properties)
    }

    function spyOn(target, signalName) : SignalSpy {
        return createTemporaryObject(spyType, test, { target: target, signalName: signalName })
    }

    function stranger(path) {
        const made = Hand.stranger(test.kind, path)
        strangers.push(made)
        return made
    }

    function holder(path) {
        const made = stranger(path)
        compare(made.ask("try"), "acquired")
        return made
    }

    function cleanup() {
        strangers.forEach(each => each.destroy())
        strangers = []
    }

    function test_acquiresNothingUnlessActive() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path })
        wait(0)
        compare(lock.status, AbstractLock.Idle)
        verify(!lock.held)
        verify(!Hand.exists(path))
    }

    function test_isHeldAndKeepsOthersOut() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path, active: true })
        const heldChanged = spyOn(lock, "heldChanged")
        tryCompare(lock, "status", AbstractLock.Held)
        verify(lock.held)
        compare(heldChanged.count, 1)
        compare(lock.heldPath, path)
        const other = stranger(path)
        compare(other.ask("try"), "busy")
        const released = spyOn(lock, "released")
        lock.active = false
        tryCompare(lock, "status", AbstractLock.Idle)
        released.wait()
        compare(lock.heldPath, "")
        compare(heldChanged.count, 2)
        compare(other.ask("try"), "acquired")
    }

    function test_takesItsPropertiesInAnyOrder_data() {
        return [ { tag: "active first", first: { active: true, path: "" } }, { tag: "path first", first: { path: "", active: true } } ]
    }

    function test_takesItsPropertiesInAnyOrder(data) {
        const path = Hand.path("a.lock")
        const lock = create(Object.assign({}, data.first, { path: path }))
        const failed = spyOn(lock, "errorOccurred")
        tryCompare(lock, "held", true)
        compare(failed.count, 0)
        compare(lock.heldPath, path)
    }

    function test_neverWritesActive() {
        const path = Hand.path("a.lock")
        const other = holder(path)
        const lock = create({ path: path, active: true, timeout: 0 })
        tryCompare(lock, "status", AbstractLock.LockedByOther)
        verify(lock.active)
        compare(other.ask("release"), "released")
        lock.acquire()
        tryCompare(lock, "status", AbstractLock.Held)
        lock.release()
        compare(lock.status, AbstractLock.Idle)
        verify(lock.active)
    }

    function test_namesWhoHasIt() {
        const path = Hand.path("a.lock")
        const other = holder(path)
        const lock = create({ path: path })
        const contended = spyOn(lock, "contended")
        verify(!lock.owner.valid)
        lock.active = true
        contended.wait()
        verify(lock.owner.valid)
        compare(lock.owner.processId, other.processId())
        compare(lock.owner.application, "lockprocess")
        compare(lock.owner.liveness, Holdfast.Alive)
        compare(lock.status, AbstractLock.Waiting)
        compare(other.ask("release"), "released")
        tryCompare(lock, "held", true)
        verify(!lock.owner.valid)
    }

    function test_isWokenWhenTheHolderDies() {
        const path = Hand.path("a.lock")
        const other = holder(path)
        const lock = create({ path: path, active: true, pollInterval: 1000000 })
        const acquired = spyOn(lock, "acquired")
        tryCompare(lock, "status", AbstractLock.Waiting)
        other.kill()
        acquired.wait()
        verify(lock.held)
    }

    function test_endsAWaitWhenNoLongerWanted() {
        const path = Hand.path("a.lock")
        holder(path)
        const lock = create({ path: path, active: true })
        const cancelled = spyOn(lock, "cancelled")
        tryCompare(lock, "status", AbstractLock.Waiting)
        lock.active = false
        tryCompare(lock, "status", AbstractLock.Idle)
        compare(cancelled.count, 1)
    }

    function test_cancelEndsTheWaitAndLeavesActive() {
        const path = Hand.path("a.lock")
        holder(path)
        const lock = create({ path: path, active: true })
        const cancelled = spyOn(lock, "cancelled")
        tryCompare(lock, "status", AbstractLock.Waiting)
        lock.cancel()
        compare(lock.status, AbstractLock.Idle)
        compare(cancelled.count, 1)
        verify(lock.active)
    }

    function test_givesBackAndAcquiresAnewAtOnce() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path, active: true, timeout: 0 })
        tryCompare(lock, "held", true)
        const refused = spyOn(lock, "timedOut")
        const released = spyOn(lock, "released")
        for (let i = 1; i <= 20; ++i) {
            verify(lock.release())
            verify(!lock.held)
            lock.acquire()
            tryCompare(lock, "held", true)
            compare(released.count, i)
        }
        compare(refused.count, 0) // by what it was about to give back
    }

    function test_timesOut() {
        const path = Hand.path("a.lock")
        holder(path)
        const lock = create({ path: path, active: true, timeout: 20 })
        const timedOut = spyOn(lock, "timedOut")
        timedOut.wait()
        compare(lock.status, AbstractLock.LockedByOther)
    }

    function test_tellsOfALoss() {
        const path = Hand.path("a.lock")
        const lock = create({ path: path, active: true })
        const lost = spyOn(lock, "lost")
        tryCompare(lock, "held", true)
        const heldChanged = spyOn(lock, "heldChanged")
        verify(Hand.remove(path + test.proof))
        lost.wait()
        compare(heldChanged.count, 1)
        compare(lost.signalArguments[0][0], test.reasonWhenRemoved)
        compare(lock.status, AbstractLock.Lost)
        compare(lock.lossReason, test.reasonWhenRemoved)
        verify(!lock.held)
        verify(lock.active)
        lock.acquire()
        tryCompare(lock, "held", true)
        compare(lock.lossReason, Holdfast.LossReason.None)
    }

    function test_endsItsLifetime() {
        const lock = create({ path: Hand.path("a.lock"), active: true, lifetime: 1 })
        const lost = spyOn(lock, "lost")
        lost.wait()
        compare(lost.signalArguments[0][0], Holdfast.Expired)
    }

    function test_movesToAnotherPathWithoutAGap() {
        const from = Hand.path("from.lock")
        const to = Hand.path("to.lock")
        const other = holder(to)
        const lock = create({ path: from, active: true })
        tryCompare(lock, "held", true)
        lock.path = to
        verify(!lock.held) // what path says now is not held
        compare(lock.heldPath, from)
        tryCompare(lock, "status", AbstractLock.Waiting)
        const third = stranger(from)
        compare(third.ask("try"), "busy")
        compare(other.ask("release"), "released")
        tryCompare(lock, "held", true)
        compare(lock.heldPath, to)
        tryVerify(() => third.ask("try") === "acquired") // what was held is given back in the background
    }

    function test_keepsTheFormerPathWhenItCannotMove_data() {
        return [ { tag: "locked by somebody else", status: AbstractLock.LockedByOther }, { tag: "impossible", status: AbstractLock.Error } ]
    }

    function test_keepsTheFormerPathWhenItCannotMove(data) {
        const from = Hand.path("from.lock")
        const to = data.status === AbstractLock.Error ? "/dev/null/to.lock" : Hand.path("to.lock")
        if (data.status === AbstractLock.LockedByOther)
            holder(to)
        const lock = create({ path: from, active: true, timeout: 0 })
        tryCompare(lock, "held", true)
        lock.path = to
        tryCompare(lock, "status", data.status)
        compare(lock.heldPath, from)
        const other = stranger(from)
        compare(other.ask("try"), "busy")
        const acquired = spyOn(lock, "acquired")
        lock.path = from
        tryCompare(lock, "status", AbstractLock.Held)
        compare(acquired.count, 0) // it was held all the while
        lock.path = to
        tryCompare(lock, "status", data.status)
        lock.active = false
        tryCompare(lock, "heldPath", "")
        compare(other.ask("try"), "acquired")
    }

    function test_anotherSpellingOfThePathIsTheSamePath() {
        const path = Hand.path("a.lock")
        const folder = path.slice(0, path.lastIndexOf("/"))
        verify(Hand.link(folder, folder + "-alias"))
        const lock = create({ path: path, active: true, timeout: 0 })
        tryCompare(lock, "held", true)
        for (const spelling of [folder + "/./a.lock", "file://" + path, "file://localhost" + path, "file:" + path, "FILE://" + path, folder + "-alias/a.lock"]) {
            lock.path = spelling
            tryCompare(lock, "status", AbstractLock.Held)
            compare(stranger(path).ask("try"), "busy")
        }
    }

    function test_givesBackWhenDestroyed() {
        const path = Hand.path("a.lock")
        const lock = test.lockType.createObject(test, { path: path, active: true })
        tryCompare(lock, "held", true)
        const other = stranger(path)
        compare(other.ask("try"), "busy")
        other.tell("acquire -1")
        lock.destroy()
        wait(0)
        compare(other.hear(), "acquired")
    }

    function test_verifiesWhatItHolds() {
        const lock = create({ path: Hand.path("a.lock"), active: true })
        verify(!lock.verifyHeld())
        tryCompare(lock, "held", true)
        verify(lock.verifyHeld())
    }

    function test_saysWhatIsWrong_data() {
        return [
            { tag: "no path", properties: { path: "" }, error: Holdfast.InvalidArgument, says: /has no path/ },
            { tag: "below a file", properties: { path: "/dev/null/a.lock" }, error: Holdfast.NotAFile, says: /\/dev\/null/ },
            { tag: "a URL of another machine", properties: { path: "https://example.org/a.lock" }, error: Holdfast.InvalidArgument,
              says: /https:\/\/example\.org\/a\.lock: it is no file of this machine/ },
            { tag: "a resource", properties: { path: "qrc:/a.lock" }, error: Holdfast.InvalidArgument, says: /qrc:\/a\.lock/ },
            { tag: "a file of another machine", properties: { path: "file://server/share/a.lock" }, error: Holdfast.InvalidArgument,
              says: /file:\/\/server\/share\/a\.lock: it is no file of this machine/ },
            { tag: "a timeout that is no number", properties: { timeout: NaN }, error: Holdfast.InvalidArgument, says: /timeout nan/i },
            { tag: "a timeout without end", properties: { timeout: Infinity }, error: Holdfast.InvalidArgument, says: /timeout inf/i },
            { tag: "a lifetime that is too long", properties: { lifetime: 1e12 }, error: Holdfast.InvalidArgument, says: /lifetime 1e\+12/ },
            { tag: "a part of for ever", properties: { timeout: -0.5 }, error: Holdfast.InvalidArgument, says: /timeout -0.5/ },
            { tag: "a timeout that means nothing", properties: { timeout: -7 }, error: Holdfast.InvalidArgument, says: /-7/ },
            { tag: "a poll interval that means nothing", properties: { pollInterval: 0 }, error: Holdfast.InvalidArgument, says: / 0 / },
            { tag: "a lifetime that means nothing", properties: { lifetime: 0 }, error: Holdfast.InvalidArgument, says: / 0 / }
        ].concat(["mailto:a@b", "data:,a", "smb:a", "smb:/a", "urn:a"].map(url => ({
            tag: url, properties: { path: url }, error: Holdfast.InvalidArgument, says: RegExp(url + ": it is no file of this machine")
        })))
    }

    function test_aPartOfAMillisecondIsAWholeOne() {
        const lock = create({ path: Hand.path("a.lock"), active: true, pollInterval: 0.5 })
        tryCompare(lock, "held", true)
    }

    function test_aNameWithAColonNeedsItsFolder() {
        const path = Hand.path("notes:a.lock")
        const lock = create({ path: path, active: true })
        tryCompare(lock, "held", true)
        compare(lock.heldPath, path)
        compare(stranger(path).ask("try"), "busy")
    }

    function test_saysWhatIsWrong(data) {
        const lock = create(Object.assign({ path: Hand.path("a.lock"), active: true }, data.properties))
        const failed = spyOn(lock, "errorOccurred")
        tryCompare(lock, "status", AbstractLock.Error)
        compare(failed.count, 1)
        compare(failed.signalArguments[0][0], data.error)
        compare(lock.error, data.error)
        verify(data.says.test(lock.errorString), lock.errorString)
        lock.active = false
        tryCompare(lock, "status", AbstractLock.Idle)
        compare(lock.errorString, "")
    }
}
