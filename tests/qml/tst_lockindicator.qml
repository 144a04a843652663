// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The padlock of a status line, and the dialog after a loss.

import QtQuick
import QtQuick.Controls
import QtTest
import Holdfast
import Testing

TestCase {
    id: test
    name: "LockIndicator"
    when: windowShown
    visible: true
    width: 640
    height: 400

    readonly property var anna: Hand.owner({ userName: "anna", application: "notepad", liveness: Holdfast.Alive })

    Component {
        id: indicatorType

        Pane {
            property alias indicator: indicator
            property bool dark: false

            padding: 24
            palette.window: dark ? "#24272b" : "#f4f4f4"

            LockIndicator { id: indicator }
        }
    }

    Component {
        id: dialogType
        LostLockDialog { parent: test }
    }

    Component {
        id: spyType
        SignalSpy { }
    }

    function test_says_data() {
        return [
            { tag: "idle", facts: { status: AbstractLock.Idle }, text: "Not locked" },
            { tag: "held", facts: { status: AbstractLock.Held }, text: "Locked for you" },
            { tag: "waiting", facts: { status: AbstractLock.Waiting, owner: anna }, text: "Waiting for anna" },
            { tag: "locked", facts: { status: AbstractLock.LockedByOther, owner: anna }, text: "Locked by anna\nnotepad\u00a0· running now" },
            { tag: "lost", facts: { status: AbstractLock.Lost, lossReason: Holdfast.LossReason.Expired },
              text: "The lock was lost. Its time was over." },
            { tag: "error", facts: { status: AbstractLock.Error, errorString: "No." }, text: "No." }
        ]
    }

    function test_says(data) {
        for (const dark of [false, true]) {
            const made = createTemporaryObject(indicatorType, test, { dark: dark })
            for (const name in data.facts)
                made.indicator[name] = data.facts[name]
            compare(made.indicator.text, data.text)
            compare(made.indicator.Accessible.name, data.text)
            waitForRendering(made)
            grabImage(made).save(Hand.picture("indicator-" + data.tag + (dark ? "-dark" : "-light")))
        }
    }

    function test_isAnIndicatorForWhoIsAssisted() {
        const indicator = createTemporaryObject(indicatorType, test).indicator
        Hand.setAssisted(true)
        const late = createTemporaryObject(indicatorType, test).indicator
        for (const each of [indicator, late]) {
            compare(each.Accessible.role, Accessible.Indicator)
            compare(each.Accessible.name, "Not locked")
            verify(each.Accessible.focusable)
        }
        Hand.setAssisted(false)
    }

    function test_showsItsTooltipByKeyboardAndByMouse() {
        const indicator = createTemporaryObject(indicatorType, test).indicator
        const tip = findChild(indicator, "toolTip")
        verify(!tip.visible)
        indicator.forceActiveFocus(Qt.TabFocusReason)
        verify(tip.visible)
        compare(tip.contentItem.text, "Not locked")
        test.forceActiveFocus()
        tryVerify(() => !tip.visible)
        mouseMove(indicator, 5, 5)
        tryVerify(() => tip.visible)
        mouseMove(test, 600, 390)
    }

    function isMarkupShownAsText(label, text) {
        compare(label.text, text)
        compare(label.textFormat, Text.PlainText)
    }

    // A name comes from a file that others write: as markup it could load what it likes, from where it likes.
    function test_showsMarkupAsText() {
        const name = "<img src='http://127.0.0.1:9/x.png'>Eve"
        const eve = Hand.owner({ userName: name, application: "<h1>pad</h1>", liveness: Holdfast.Alive })
        const indicator = createTemporaryObject(indicatorType, test).indicator
        indicator.owner = eve
        indicator.status = AbstractLock.LockedByOther
        indicator.forceActiveFocus(Qt.TabFocusReason)
        const tip = findChild(indicator, "toolTip")
        verify(tip && tip.visible)
        isMarkupShownAsText(tip.contentItem, "Locked by " + name + "\n<h1>pad</h1>\u00a0· running now")
        test.forceActiveFocus()
        const dialog = openDialog({ documentName: "<h1>plan.odt", owner: eve })
        isMarkupShownAsText(dialog.header, "The lock on <h1>plan.odt was lost")
        isMarkupShownAsText(findChild(dialog.contentItem, "message"), dialog.message)
    }

    function openDialog(properties) {
        const dialog = createTemporaryObject(dialogType, test, properties)
        dialog.open()
        tryCompare(dialog, "opened", true)
        return dialog
    }

    function button(dialog, name) {
        return findChild(dialog.footer, name)
    }

    function test_theDialogTellsWhatIsChosen_data() {
        return [
            { tag: "Save a copy…", button: "saveCopyButton", chosen: "saveCopyChosen" },
            { tag: "Discard changes and reload", button: "reloadButton", chosen: "reloadChosen" },
            { tag: "Overwrite it", button: "overwriteButton", chosen: "overwriteChosen" },
            { tag: "Decide later", button: "laterButton", chosen: "rejected" }
        ]
    }

    function test_theDialogTellsWhatIsChosen(data) {
        const dialog = openDialog({ documentName: "plan.odt", lossReason: Holdfast.LossReason.OwnerChanged, owner: anna })
        const spy = createTemporaryObject(spyType, test, { target: dialog, signalName: data.chosen })
        compare(button(dialog, data.button).text, data.tag)
        mouseClick(button(dialog, data.button))
        compare(spy.count, 1)
        tryCompare(dialog, "visible", false)
    }

    function test_theDialogSaysWhatHappened() {
        const dialog = openDialog({ documentName: "plan.odt", lossReason: Holdfast.LossReason.OwnerChanged, owner: anna })
        compare(dialog.title, "The lock on plan.odt was lost")
        compare(dialog.message, "Somebody else has taken it over. anna is editing it now.\n\n"
                                + "Your changes are still here, and not saved.")
        verify(button(dialog, "saveCopyButton").activeFocus) // the harmless one
        for (const name of ["saveCopyButton", "reloadButton", "overwriteButton", "laterButton"]) {
            const item = button(dialog, name)
            const at = item.mapToItem(dialog.footer, 0, 0)
            verify(at.x >= 0 && at.x + item.width <= dialog.footer.width, name + " is cut")
            verify(at.y >= 0 && at.y + item.height <= dialog.footer.height, name + " is cut")
        }
        grabImage(test.Window.contentItem).save(Hand.picture("dialog-lost"))
    }

    Component {
        id: narrowType
        Item {
            width: 300
            height: 400
        }
    }

    // A long name is shortened rather than what has happened, and no button sticks out.
    function test_theDialogIsWholeWhereThereIsLittleRoom_data() {
        const lengthy = "The minutes of the meeting about the bridge ".repeat(5) + "2026.odt"
        return [
            { tag: "a long name", properties: { documentName: lengthy } },
            { tag: "a name without blanks", properties: { documentName: lengthy.replace(/ /g, "_") } },
            { tag: "a narrow window and large letters", narrow: true, properties: { documentName: "plan.odt" } },
            { tag: "both", narrow: true, properties: { documentName: lengthy } }
        ]
    }

    function test_theDialogIsWholeWhereThereIsLittleRoom(data) {
        const dialog = openDialog(data.properties)
        if (data.narrow) {
            dialog.parent = createTemporaryObject(narrowType, test)
            dialog.font.pointSize = 20
        }
        wait(50)
        grabImage(test.Window.contentItem).save(Hand.picture("dialog-lost-" + data.tag.replace(/ /g, "-")))
        verify(/^The lock on .*(2026|plan)\.odt was lost$/.test(dialog.header.text), dialog.header.text)
        verify(dialog.header.text.length < 90)
        verify(!dialog.header.truncated)
        verify(dialog.header.height >= dialog.header.implicitHeight)
        for (const name of ["saveCopyButton", "reloadButton", "overwriteButton", "laterButton"]) {
            const item = button(dialog, name)
            const at = item.mapToItem(dialog.footer, 0, 0)
            verify(at.x >= 0 && at.x + item.width <= dialog.footer.width, name + " sticks out")
            verify(at.y >= 0 && at.y + item.height <= dialog.footer.height, name + " is cut")
            const label = item.contentItem.children[0]
            verify(!label.truncated && label.height >= label.contentHeight, name + " is not whole")
        }
    }

    function test_escapeLosesNothing() {
        const dialog = openDialog({})
        const rejected = createTemporaryObject(spyType, test, { target: dialog, signalName: "rejected" })
        const overwritten = createTemporaryObject(spyType, test, { target: dialog, signalName: "overwriteChosen" })
        keyClick(Qt.Key_Escape)
        tryCompare(dialog, "visible", false)
        compare(rejected.count, 1)
        compare(overwritten.count, 0)
    }

    function test_withoutChangesThereIsNothingToSave() {
        const dialog = openDialog({ modified: false })
        verify(!button(dialog, "saveCopyButton").visible)
        verify(!button(dialog, "overwriteButton").visible)
        compare(button(dialog, "reloadButton").text, "Reload")
    }
}
