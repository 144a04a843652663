// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Holdfast
import Testing

TestCase {
    id: test
    name: "SingleInstance"

    property string directory
    property var strangers: []

    Component {
        id: instanceType
        SingleInstance { key: "notes" }
    }

    Component {
        id: spyType
        SignalSpy { }
    }

    function init() {
        directory = Hand.directory()
    }

    function cleanup() {
        strangers.forEach(each => each.destroy())
        strangers = []
    }

    function create(properties) : SingleInstance {
        return createTemporaryObject(instanceType, test, Object.assign({ directory: directory }, properties || {}))
    }

    function spyOn(target, signalName) : SignalSpy {
        return createTemporaryObject(spyType, test, { target: target, signalName: signalName })
    }

    function program(key) {
        const made = Hand.program(directory, key || "notes")
        strangers.push(made)
        return made
    }

    function test_isTheOneAndHearsOfLaterStarts() {
        const instance = create()
        const activated = spyOn(instance, "activated")
        tryCompare(instance, "status", SingleInstance.Primary)
        verify(instance.held)
        const later = program()
        compare(later.ask("start"), "secondary")
        later.tell("forward notes plan.txt")
        activated.wait()
        const activation = activated.signalArguments[0][0]
        compare(activation.arguments, ["notes", "plan.txt"])
        compare(activation.senderProcessId, later.processId())
        compare(later.hear(), "accepted 0")
    }

    function test_isSecondToWhoWasFirst() {
        const first = program()
        compare(first.ask("start"), "primary")
        compare(first.ask("handle finish"), "handling")
        const instance = create()
        tryCompare(instance, "status", SingleInstance.Secondary)
        verify(!instance.held)
        compare(instance.owner.processId, first.processId())
        const forwarded = spyOn(instance, "forwarded")
        instance.forward()
        forwarded.wait()
        verify(first.hear().startsWith("activated "))
        const reply = forwarded.signalArguments[0][0]
        compare(reply.outcome, 0)
        compare(reply.text, "")
    }

    function test_takesOverWhenItStandsBy() {
        const first = program()
        compare(first.ask("start"), "primary")
        const instance = create()
        tryCompare(instance, "status", SingleInstance.Secondary)
        const promoted = spyOn(instance, "promoted")
        instance.standBy()
        wait(0)
        first.kill()
        promoted.wait()
        compare(instance.status, SingleInstance.Primary)
    }

    function test_doesNothingUnlessActive() {
        const instance = create({ active: false })
        wait(0)
        compare(instance.status, SingleInstance.Idle)
        compare(program().ask("start"), "primary")
    }

    function test_givesUpWhenNoLongerActive() {
        const instance = create()
        tryCompare(instance, "held", true)
        instance.active = false
        tryCompare(instance, "status", SingleInstance.Idle)
        compare(program().ask("start"), "primary")
    }

    function test_givesUpWhenDestroyed() {
        const instance = instanceType.createObject(test, { directory: directory })
        tryCompare(instance, "held", true)
        instance.destroy()
        wait(0)
        compare(program().ask("start"), "primary")
    }

    function test_itemsOfOneKeyShareOneGuard() {
        const a = create()
        const b = create()
        const heardByA = spyOn(a, "activated")
        const heardByB = spyOn(b, "activated")
        tryCompare(a, "status", SingleInstance.Primary)
        tryCompare(b, "status", SingleInstance.Primary)
        compare(a.instance, b.instance)
        const later = program()
        compare(later.ask("start"), "secondary")
        later.tell("forward notes")
        tryCompare(heardByA, "count", 1)
        compare(heardByB.count, 1)
        compare(later.hear(), "accepted 0")
        a.active = false
        tryCompare(a, "status", SingleInstance.Idle)
        compare(b.status, SingleInstance.Primary)
        compare(program().ask("start"), "secondary")
    }

    function test_keepsTheFormerKeyUntilTheNewOneIsDecided() {
        const instance = create()
        tryCompare(instance, "held", true)
        instance.key = "letters"
        verify(instance.held)
        tryVerify(() => instance.instance !== null && instance.instance.key === "letters" && instance.held)
        compare(program("notes").ask("start"), "primary")
        compare(program("letters").ask("start"), "secondary")
    }

    function test_keepsTheFormerOneWhenTheNewOneCannotBeHad() {
        const instance = create()
        tryCompare(instance, "held", true)
        instance.directory = "/dev/null"
        tryCompare(instance, "status", SingleInstance.Failed)
        compare(program().ask("start"), "secondary") // where it was before
        instance.active = false
        tryCompare(instance, "status", SingleInstance.Idle)
        compare(program().ask("start"), "primary")
    }

    function test_usesTheGuardOfTheProgram() {
        const owner = create()
        tryCompare(owner, "held", true)
        const instance = create({ key: "", instance: owner.instance })
        tryCompare(instance, "status", SingleInstance.Primary)
        instance.active = false
        tryCompare(instance, "status", SingleInstance.Idle)
        compare(owner.status, SingleInstance.Primary) // it is the program's
    }

    function test_losesTheGuardOfTheProgramWithoutHarm() {
        const owner = create()
        tryCompare(owner, "held", true)
        const instance = create({ key: "", instance: owner.instance })
        tryCompare(instance, "held", true)
        owner.active = false
        tryCompare(instance, "status", SingleInstance.Idle)
    }

    function test_saysWhatIsWrong_data() {
        return [
            { tag: "a directory that is a file", properties: { directory: "/dev/null" }, error: SingleInstanceGuard.NoDirectory },
            { tag: "a timeout that means nothing", properties: { timeout: 0 }, error: SingleInstanceGuard.InvalidArgument, says: /cannot be 0; / },
            { tag: "a timeout that is no number", properties: { timeout: NaN }, error: SingleInstanceGuard.InvalidArgument,
              says: /^Cannot start a single instance with the timeout nan: /i },
            { tag: "no such scope", properties: { scope: 77 }, error: SingleInstanceGuard.InvalidArgument,
              says: /^Cannot start a single instance with the scope 77: there is none of that number.*Scope/ }
        ]
    }

    function test_saysWhatIsWrong(data) {
        const instance = create(data.properties)
        tryCompare(instance, "error", data.error)
        verify((data.says || /./).test(instance.errorString), instance.errorString)
        compare(instance.status, SingleInstance.Failed)
        verify(!instance.held)
    }

    function test_keepsTheFormerScopeWhenThereIsNoSuch() {
        const instance = create()
        tryCompare(instance, "held", true)
        instance.scope = 77
        tryCompare(instance, "status", SingleInstance.Failed)
        compare(program().ask("start"), "secondary") // where it was before
        instance.scope = SingleInstance.User
        tryCompare(instance, "status", SingleInstance.Primary)
        compare(instance.errorString, "")
    }
}
