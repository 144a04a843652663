// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Holdfast
import Testing

TestCase {
    id: test
    name: "DocumentLock"

    property var strangers: []

    Component {
        id: lockType
        DocumentLock { }
    }

    Component {
        id: spyType
        SignalSpy { }
    }

    function cleanup() {
        strangers.forEach(each => each.destroy())
        strangers = []
    }

    function create(properties) : DocumentLock {
        return createTemporaryObject(lockType, test, properties)
    }

    function spyOn(target, signalName) : SignalSpy {
        return createTemporaryObject(spyType, test, { target: target, signalName: signalName })
    }

    function editor(path) {
        const made = Hand.editor(path)
        strangers.push(made)
        return made
    }

    function document(name) {
        const path = Hand.path(name || "plan.txt")
        verify(Hand.write(path, "Once upon a time"))
        return path
    }

    function urlOf(path) {
        return "file://" + path
    }

    function test_isTheOnlyEditor() {
        const path = document()
        const lock = create({ source: urlOf(path), active: true })
        const heldChanged = spyOn(lock, "heldChanged")
        tryCompare(lock, "status", DocumentLock.Held)
        compare(heldChanged.count, 1)
        compare(lock.path, path)
        compare(lock.heldPath, path)
        verify(editor(path).ask("try").startsWith("busy"))
        lock.active = false
        tryCompare(lock, "held", false)
        compare(heldChanged.count, 2)
        compare(editor(path).ask("try"), "acquired")
    }

    function test_aReadOnlyDiskIsAnError() {
        const path = document()
        if (!Hand.makeReadOnly(path))
            skip("no disk can be mounted here")
        const lock = create({ path: path, active: true })
        tryCompare(lock, "status", DocumentLock.Error)
        verify(lock.errorString.includes("Read-only") && lock.errorString.includes(path.slice(0, path.lastIndexOf("/"))), lock.errorString)
        verify(!lock.owner.valid) // nobody else is said to have it
    }

    function test_takesAPathAsWell() {
        const path = document("with blank.txt")
        const lock = create({ path: path, active: true })
        tryCompare(lock, "held", true)
        compare(lock.source.toString(), urlOf(path))
    }

    // What is assigned as text becomes a URL on its way: this is what it means then.
    function test_takesASourceWithoutAScheme_data() {
        return [
            { tag: "a plain name", written: "plain.txt", name: "plain.txt" },
            { tag: "a blank", written: "with blank.txt", name: "with blank.txt" },
            { tag: "percent", written: "50% off.txt", name: "50% off.txt" },
            { tag: "percent at the end", written: "100%", name: "100%" },
            { tag: "hash and question mark", written: "a#b?.txt", name: "a#b?.txt" },
            { tag: "question mark and hash", written: "a?b#c d%.txt", name: "a?b#c d%.txt" },
            { tag: "decoded, and once only", written: "a%2520b%23.txt", name: "a%20b#.txt" }
        ]
    }

    function test_takesASourceWithoutAScheme(data) {
        const path = document(data.name)
        const lock = create({ source: path.slice(0, -data.name.length) + data.written, active: true })
        tryCompare(lock, "held", true)
        compare(lock.path, path)
        compare(lock.heldPath, path)
        verify(editor(path).ask("try").startsWith("busy"))
        const url = lock.source
        lock.source = url // its own answer means the same
        compare(lock.path, path)
        verify(lock.held)
    }

    function test_saysWhoHasIt() {
        const path = document()
        const other = editor(path)
        compare(other.ask("try"), "acquired")
        const lock = create({ source: urlOf(path), active: true })
        tryCompare(lock, "status", DocumentLock.LockedByOther)
        compare(lock.owner.application, "otherpad")
        compare(lock.owner.liveness, Holdfast.Alive)
        verify(lock.ownedBySelf) // the same user, in another program
        verify(lock.active)
        lock.active = false
        tryCompare(lock, "status", DocumentLock.Idle)
        verify(!lock.ownedBySelf)
        compare(other.ask("release"), "released")
        lock.acquire()
        tryCompare(lock, "held", true)
        verify(!lock.ownedBySelf)
        verify(!lock.owner.valid)
    }

    function test_waitsIfItMay() {
        const path = document()
        const other = editor(path)
        compare(other.ask("try"), "acquired")
        const lock = create({ source: urlOf(path), active: true, timeout: -1 })
        const acquired = spyOn(lock, "acquired")
        tryCompare(lock, "status", DocumentLock.Waiting)
        compare(other.ask("release"), "released")
        acquired.wait()
        verify(lock.held)
    }

    function test_endsAWaitAndBeginsAnother() {
        const path = document()
        const other = editor(path)
        compare(other.ask("try"), "acquired")
        const lock = create({ source: urlOf(path), active: true, timeout: -1 })
        const cancelled = spyOn(lock, "cancelled")
        tryCompare(lock, "status", DocumentLock.Waiting)
        wait(0)
        lock.cancel()
        compare(lock.status, DocumentLock.Idle)
        compare(cancelled.count, 1)
        lock.acquire()
        compare(lock.status, DocumentLock.Waiting)
        compare(other.ask("release"), "released")
        tryCompare(lock, "held", true)
        compare(cancelled.count, 1)
    }

    function test_anotherDocumentWhileWaiting() {
        const path = document()
        const other = editor(path)
        compare(other.ask("try"), "acquired")
        const lock = create({ source: urlOf(path), active: true, timeout: -1 })
        tryCompare(lock, "status", DocumentLock.Waiting)
        wait(0)
        const second = document()
        lock.source = urlOf(second)
        tryCompare(lock, "held", true)
        compare(lock.heldPath, second)
    }

    function test_anotherDocumentWhileHeldIsATransfer() {
        const from = document()
        const to = document()
        const lock = create({ source: urlOf(from), active: true })
        tryCompare(lock, "held", true)
        const acquired = spyOn(lock, "acquired")
        lock.source = urlOf(to)
        verify(!lock.held) // what source says now is not held
        compare(lock.heldPath, from)
        acquired.wait()
        verify(lock.held)
        compare(lock.heldPath, to)
        compare(editor(from).ask("try"), "acquired")
        verify(editor(to).ask("try").startsWith("busy"))
    }

    function test_keepsTheFormerDocumentWhenItCannotMove_data() {
        return [ { tag: "locked by somebody else", status: DocumentLock.LockedByOther }, { tag: "impossible", status: DocumentLock.Error } ]
    }

    function test_keepsTheFormerDocumentWhenItCannotMove(data) {
        const from = document()
        const to = data.status === DocumentLock.Error ? "/dev/null/plan.txt" : document()
        if (data.status === DocumentLock.LockedByOther)
            compare(editor(to).ask("try"), "acquired")
        const lock = create({ source: urlOf(from), active: true })
        tryCompare(lock, "held", true)
        lock.source = urlOf(to)
        tryCompare(lock, "status", data.status)
        compare(lock.heldPath, from)
        verify(editor(from).ask("try").startsWith("busy"))
        lock.source = urlOf(from)
        compare(lock.status, DocumentLock.Held)
        lock.source = urlOf(to)
        tryCompare(lock, "status", data.status)
        lock.active = false
        tryCompare(lock, "heldPath", "")
        compare(editor(from).ask("try"), "acquired")
    }

    function test_mayFlip() {
        const path = document()
        const lock = create({ source: urlOf(path) })
        for (let i = 0; i < 200; ++i) {
            lock.active = i % 2 === 0
            wait(0)
        }
        tryCompare(lock, "status", DocumentLock.Idle)
        compare(lock.heldPath, "")
        lock.active = true
        tryCompare(lock, "held", true)
    }

    function test_tellsOfACrash() {
        const path = document()
        const other = editor(path)
        compare(other.ask("try"), "acquired")
        other.kill()
        const lock = create({ source: urlOf(path) })
        const crashed = spyOn(lock, "previousOwnerCrashed")
        lock.active = true
        tryCompare(lock, "held", true)
        compare(crashed.count, 1)
        compare(crashed.signalArguments[0][0].application, "otherpad")
    }

    function test_tellsOfChangesByOthers() {
        const path = document()
        const lock = create({ source: urlOf(path) }) // only reads
        const changed = spyOn(lock, "documentChanged")
        verify(lock.documentLoaded())
        verify(Hand.write(path, "Once upon another time"))
        changed.wait()
        compare(lock.change, DocumentLockGuard.Written)
        verify(lock.documentLoaded())
        compare(lock.change, DocumentLockGuard.Change.None)
    }

    function test_tellsOfALoss() {
        const path = document()
        const lock = create({ source: urlOf(path), active: true })
        const lost = spyOn(lock, "lost")
        tryCompare(lock, "held", true)
        const slash = path.lastIndexOf("/") + 1
        verify(Hand.remove(path.slice(0, slash) + ".~lock." + path.slice(slash) + "#"))
        lost.wait()
        compare(lock.status, DocumentLock.Lost)
        verify(!lock.held)
        compare(lock.heldPath, "")
    }

    function test_takesOverFromWhoIsGone() {
        const path = document()
        const slash = path.lastIndexOf("/") + 1
        // As LibreOffice on another machine leaves it.
        verify(Hand.write(path.slice(0, slash) + ".~lock." + path.slice(slash) + "#",
                          "Anna Lee,anna,kestrel,14.03.2026 09:05,file:///home/anna/.config/libreoffice/4;"))
        const lock = create({ source: urlOf(path), active: true })
        tryCompare(lock, "status", DocumentLock.LockedByOther)
        compare(lock.owner.hostName, "kestrel")
        verify(!lock.ownedBySelf)
        lock.takeOver()
        tryCompare(lock, "held", true)
    }

    // Neither behind a path that is none, nor under that of a document about which nobody was asked.
    function test_takesOverNothingElse_data() {
        return [ { tag: "no file", other: "http://example.org/x", error: Holdfast.InvalidArgument },
                 { tag: "another document", other: "", error: Holdfast.Misuse } ]
    }

    function test_takesOverNothingElse(data) {
        const path = document()
        const slash = path.lastIndexOf("/") + 1
        const record = "Anna Lee,anna,kestrel,14.03.2026 09:05,file:///home/anna/.config/libreoffice/4;"
        const sidecar = path.slice(0, slash) + ".~lock." + path.slice(slash) + "#"
        verify(Hand.write(sidecar, record))
        const lock = create({ source: urlOf(path), active: true })
        tryCompare(lock, "status", DocumentLock.LockedByOther)
        lock.active = false
        lock.path = data.other || document()
        if (data.error === Holdfast.Misuse)
            ignoreWarning(/nobody was seen to have it/)
        lock.takeOver()
        tryCompare(lock, "status", DocumentLock.Error)
        compare(lock.error, data.error)
        verify(!lock.held)
        compare(Hand.read(sidecar), record)
    }

    function test_aRefusedTransferSaysWhetherItIsOneself() {
        const other = document()
        verify(Hand.write(other.replace(/[^\/]*$/, name => ".~lock." + name + "#"),
                          "Me,%1,kestrel,14.03.2026 09:05,file:///home/me/.config/libreoffice/4;".arg(Hand.userName())))
        const lock = create({ source: urlOf(document()), active: true })
        tryCompare(lock, "held", true)
        lock.path = other
        tryCompare(lock, "status", DocumentLock.LockedByOther)
        verify(lock.ownedBySelf)
    }

    function test_givesBackWhenDestroyed() {
        const path = document()
        const lock = lockType.createObject(test, { source: urlOf(path), active: true })
        tryCompare(lock, "held", true)
        lock.destroy()
        wait(0)
        compare(editor(path).ask("try"), "acquired")
    }

    function test_saysWhatIsWrong_data() {
        return [
            { tag: "no document", properties: { }, error: Holdfast.InvalidArgument },
            { tag: "of another machine", properties: { source: "https://example.org/plan.txt" }, error: Holdfast.InvalidArgument },
            { tag: "a mail address", properties: { source: "mailto:anna@example.org" }, error: Holdfast.InvalidArgument },
            { tag: "data", properties: { source: "data:text/plain,plan" }, error: Holdfast.InvalidArgument },
            { tag: "of a server", properties: { source: "smb:plan.txt" }, error: Holdfast.InvalidArgument },
            { tag: "a file of another machine", properties: { source: "file://server/share/plan.txt" }, error: Holdfast.InvalidArgument },
            { tag: "no such owner files", properties: { path: "/tmp/plan.txt", ownerFiles: 77 }, error: Holdfast.InvalidArgument },
            { tag: "a timeout that is no number", properties: { path: "/tmp/plan.txt", timeout: NaN }, error: Holdfast.InvalidArgument },
            { tag: "below a file", properties: { path: "/dev/null/plan.txt" }, error: Holdfast.NotAFile }
        ]
    }

    function test_saysWhatIsWrong(data) {
        const lock = create(Object.assign({ active: true }, data.properties))
        tryCompare(lock, "status", DocumentLock.Error)
        compare(lock.error, data.error)
        verify(lock.errorString.length > 0)
        verify(!lock.held)
    }

    function test_lazyHoldsItWhileThereAreChanges() {
        const path = document()
        const lock = create({ source: urlOf(path), lazy: true, active: true })
        wait(0)
        compare(lock.status, DocumentLock.Idle)
        const other = editor(path)
        compare(other.ask("try"), "acquired")
        compare(other.ask("release"), "released")
        lock.modified = true
        tryCompare(lock, "held", true)
        verify(other.ask("try").startsWith("busy"))
        lock.modified = false
        tryCompare(lock, "status", DocumentLock.Idle)
        compare(other.ask("try"), "acquired")
        compare(other.ask("release"), "released")
        lock.lazy = false // active says it all
        tryCompare(lock, "held", true)
        lock.active = false
        tryCompare(lock, "held", false)
        lock.modified = true // without active that is of no interest
        wait(0)
        verify(!lock.held)
    }

    function test_asksOnlyTheOwnerFilesThatItIsTold() {
        const path = document()
        const slash = path.lastIndexOf("/") + 1
        verify(Hand.link("anna@kestrel.4711:1773475500", path.slice(0, slash) + ".#" + path.slice(slash))) // as Emacs does
        const lock = create({ source: urlOf(path), active: true })
        tryCompare(lock, "status", DocumentLock.LockedByOther)
        lock.ownerFiles = DocumentLockGuard.LibreOfficeFiles | DocumentLockGuard.VimFiles
        lock.acquire()
        tryCompare(lock, "held", true)
    }
}
