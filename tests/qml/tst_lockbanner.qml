// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Every state of the banner by what it shows, clicks and keys on its real buttons, and a picture of each.

import QtQuick
import QtQuick.Controls
import QtTest
import Holdfast
import Testing

TestCase {
    id: test
    name: "LockBanner"
    when: windowShown
    visible: true
    width: 900
    height: 260

    readonly property var anna: Hand.owner({ userName: "anna", application: "LibreOffice", hostName: "kestrel",
                                             processId: 4711, since: new Date(2026, 2, 14, 9, 5), liveness: Holdfast.Alive })
    readonly property var unknown: Hand.owner({ userName: "anna", hostName: "kestrel", liveness: Holdfast.Unknown })
    readonly property var dead: Hand.owner({ userName: "anna", application: "notepad", liveness: Holdfast.Dead })
    readonly property var nobody: Hand.owner({})

    Component {
        id: stageType

        Pane { // a window's surface in its colours, with a banner and the text of a document
            property alias banner: banner
            property bool dark: false

            width: 900
            height: 260
            padding: 0
            palette.window: dark ? "#24272b" : "#f4f4f4"
            palette.windowText: dark ? "#eceff1" : "#1d1f21"
            palette.text: dark ? "#eceff1" : "#1d1f21"
            palette.button: dark ? "#3a3f45" : "#e2e4e7"
            palette.buttonText: dark ? "#eceff1" : "#1d1f21"
            palette.base: dark ? "#1b1d20" : "#ffffff"
            palette.mid: dark ? "#5a6067" : "#b8bcc2"
            palette.dark: dark ? "#9aa0a6" : "#5c6167"

            LockBanner {
                id: banner
                width: parent.width
                documentName: "plan.odt"
            }

            Label {
                anchors.top: banner.bottom
                padding: 16
                text: "Once upon a time there was a document."
            }
        }
    }

    Component {
        id: spyType
        SignalSpy { }
    }

    function stage(properties, more) {
        const made = createTemporaryObject(stageType, test, more || {})
        for (const name in properties)
            made.banner[name] = properties[name]
        waitForRendering(made)
        return made
    }

    function part(item, name) {
        return findChild(item, name)
    }

    function shownButtons(banner) {
        return ["editButton", "openReadOnlyButton", "notifyButton", "openCopyButton", "takeOverButton", "confirmTakeOverButton",
                "keepButton", "retryButton", "cancelButton"].filter(name => part(banner, name).visible)
    }

    function states() {
        return [
            { tag: "locked", facts: { status: AbstractLock.LockedByOther, owner: anna },
              headline: "anna is editing plan.odt", details: /^LibreOffice\u00a0· on kestrel\u00a0· since .*2026.*\u00a0· running now$/,
              buttons: ["openReadOnlyButton", "notifyButton", "openCopyButton"] },
            { tag: "locked, unknown whether alive", facts: { status: AbstractLock.LockedByOther, owner: unknown },
              headline: "anna is editing plan.odt", details: /^on kestrel\u00a0· may no longer be running$/,
              buttons: ["openReadOnlyButton", "notifyButton", "openCopyButton", "takeOverButton"] },
            { tag: "locked by a dead one", facts: { status: AbstractLock.LockedByOther, owner: dead },
              headline: "anna has left plan.odt locked", details: /^notepad\u00a0· no longer running$/,
              buttons: ["openReadOnlyButton", "notifyButton", "openCopyButton", "takeOverButton"] },
            { tag: "locked by nobody known", facts: { status: AbstractLock.LockedByOther, owner: nobody },
              headline: "plan.odt is being edited elsewhere", details: /^Nothing is known about who has it\.$/,
              buttons: ["openReadOnlyButton", "notifyButton", "openCopyButton", "takeOverButton"] },
            { tag: "locked by oneself", facts: { status: AbstractLock.LockedByOther, owner: anna, ownedBySelf: true },
              headline: "You have plan.odt open elsewhere", details: /running now$/,
              buttons: ["openReadOnlyButton", "notifyButton", "openCopyButton"] },
            { tag: "waiting", facts: { status: AbstractLock.Waiting, owner: anna },
              headline: "Waiting until plan.odt is free", details: /^anna\u00a0· LibreOffice\u00a0· .*\u00a0· running now$/, buttons: ["cancelButton"] },
            { tag: "waiting for nobody known", facts: { status: AbstractLock.Waiting, owner: nobody },
              headline: "Waiting until plan.odt is free", details: /^$/, buttons: ["cancelButton"] },
            { tag: "free now", facts: { status: AbstractLock.Held, available: true },
              headline: "plan.odt is free now", details: /^You can edit it\.$/, buttons: ["editButton"] },
            { tag: "lost", facts: { status: AbstractLock.Lost, lossReason: Holdfast.LossReason.Replaced },
              headline: "The lock on plan.odt was lost",
              details: /^The lock file was removed or replaced\. Somebody else may be editing it now\.$/, buttons: ["retryButton"] },
            { tag: "error", facts: { status: AbstractLock.Error,
                                     errorString: "Cannot open \"/srv/plan.odt.lock\": Permission denied. Ask for the right to write there." },
              headline: "plan.odt cannot be locked", details: /Permission denied/, buttons: ["retryButton"] }
        ]
    }

    function test_says_data() {
        return states()
    }

    function test_says(data) {
        const made = stage(data.facts)
        const banner = made.banner
        verify(banner.visible)
        compare(part(banner, "headline").text, data.headline)
        verify(data.details.test(part(banner, "details").text), part(banner, "details").text)
        compare(shownButtons(banner), data.buttons)
        compare(banner.Accessible.name, data.headline)
        compare(banner.Accessible.role, Accessible.AlertMessage)
        compare(part(banner, "elapsed").visible, data.facts.status === AbstractLock.Waiting)
        const file = data.tag.replace(/,/g, "").replace(/ /g, "-")
        for (const look of [{ name: "light" }, { name: "dark", dark: true }, { name: "narrow", width: 360 }]) {
            made.dark = look.dark || false
            made.width = look.width || 900
            waitForRendering(made)
            isWhole(banner)
            grabImage(made).save(Hand.picture("banner-" + file + "-" + look.name))
        }
    }

    // Nothing is cut: texts wrap instead, and every part lies inside the banner.
    function isWhole(banner) {
        for (const name of ["headline", "details", "elapsed"].concat(shownButtons(banner))) {
            const item = part(banner, name)
            if (!item.visible)
                continue
            const at = item.mapToItem(banner, 0, 0)
            verify(at.x >= 0 && at.x + item.width <= banner.width + 0.5, name + " is too wide")
            verify(at.y >= 0 && at.y + item.height <= banner.height + 0.5, name + " is too high")
            verify(item.height + 0.5 >= item.implicitHeight, name + " is cut")
            verify(!item.truncated, name + " is truncated")
        }
    }

    // Who starts to be assisted while the banner is there is told the same.
    function test_isAnAlertForWhoIsAssisted() {
        const banner = stage({ status: AbstractLock.LockedByOther, owner: anna }).banner
        Hand.setAssisted(true)
        const late = stage({ status: AbstractLock.LockedByOther, owner: anna }).banner
        for (const each of [banner, late]) {
            compare(each.Accessible.role, Accessible.AlertMessage)
            compare(each.Accessible.name, "anna is editing plan.odt")
            compare(each.Accessible.description, each.details)
        }
        Hand.setAssisted(false)
    }

    function test_saysNothing_data() {
        return [ { tag: "idle", status: AbstractLock.Idle }, { tag: "held", status: AbstractLock.Held } ]
    }

    function test_saysNothing(data) {
        const banner = stage({ status: data.status }).banner
        verify(!banner.visible)
        compare(banner.height, 0)
    }

    function test_beginsWhereItsTextBegins() {
        const made = stage({ status: AbstractLock.LockedByOther, owner: anna })
        const bar = part(made.banner.background, "bar")
        compare(bar.x, 0)
        made.LayoutMirroring.childrenInherit = true
        made.LayoutMirroring.enabled = true
        compare(bar.x, made.banner.width - bar.width)
        waitForRendering(made)
        grabImage(made).save(Hand.picture("banner-mirrored"))
    }

    function test_speaksOfADocumentWithoutAName() {
        const banner = stage({ status: AbstractLock.LockedByOther, owner: anna, documentName: "" }).banner
        compare(banner.headline, "anna is editing this document")
    }

    function test_aNameWithAPercentSignStaysWhole() {
        const evil = Hand.owner({ userName: "anna", liveness: Holdfast.Alive })
        const banner = stage({ status: AbstractLock.LockedByOther, owner: evil, documentName: "100%1 or %2.odt" }).banner
        compare(banner.headline, "anna is editing 100%1 or %2.odt")
    }

    function test_showsMarkupAsText() {
        const evil = Hand.owner({ userName: "<b>anna</b>", liveness: Holdfast.Alive })
        const banner = stage({ status: AbstractLock.LockedByOther, owner: evil }).banner
        compare(banner.headline, "<b>anna</b> is editing plan.odt")
        compare(part(banner, "headline").textFormat, Text.PlainText)
    }

    function test_tellsWhatIsChosen_data() {
        const locked = { status: AbstractLock.LockedByOther, owner: unknown }
        return [
            { tag: "Open read-only", facts: locked, button: "openReadOnlyButton", chosen: "openReadOnlyChosen" },
            { tag: "Notify me", facts: locked, button: "notifyButton", chosen: "notifyChosen" },
            { tag: "Open a copy", facts: locked, button: "openCopyButton", chosen: "openCopyChosen" },
            { tag: "Stop waiting", facts: { status: AbstractLock.Waiting }, button: "cancelButton", chosen: "cancelChosen" },
            { tag: "Lock again", facts: { status: AbstractLock.Lost }, button: "retryButton", chosen: "retryChosen" },
            { tag: "Try again", facts: { status: AbstractLock.Error }, button: "retryButton", chosen: "retryChosen" },
            { tag: "Edit", facts: { available: true }, button: "editButton", chosen: "editChosen" }
        ]
    }

    function test_tellsWhatIsChosen(data) {
        const banner = stage(data.facts).banner
        const spy = createTemporaryObject(spyType, test, { target: banner, signalName: data.chosen })
        const button = part(banner, data.button)
        compare(button.text, data.tag)
        mouseClick(button)
        compare(spy.count, 1)
        button.forceActiveFocus()
        keyClick(Qt.Key_Space)
        compare(spy.count, 2)
    }

    function test_asksBeforeATakeover() {
        const made = stage({ status: AbstractLock.LockedByOther, owner: unknown })
        const banner = made.banner
        const spy = createTemporaryObject(spyType, test, { target: banner, signalName: "takeOverChosen" })
        mouseClick(part(banner, "takeOverButton"))
        compare(banner.headline, "Take plan.odt over from anna?")
        compare(shownButtons(banner), ["confirmTakeOverButton", "keepButton"])
        verify(part(banner, "keepButton").activeFocus)
        waitForRendering(made)
        grabImage(made).save(Hand.picture("banner-takeover-light"))
        keyClick(Qt.Key_Escape)
        verify(!banner.confirming)
        verify(part(banner, "takeOverButton").activeFocus)
        keyClick(Qt.Key_Space) // as with the mouse
        verify(part(banner, "keepButton").activeFocus)
        keyClick(Qt.Key_Space) // the button that has the focus does no harm
        verify(!banner.confirming)
        compare(spy.count, 0)
        verify(part(banner, "takeOverButton").activeFocus)
        mouseClick(part(banner, "takeOverButton"))
        mouseClick(part(banner, "confirmTakeOverButton"))
        compare(spy.count, 1)
        verify(!banner.confirming)
    }

    function test_doesNotAskAboutAnotherOwnerThanWasShown() {
        const banner = stage({ status: AbstractLock.LockedByOther, owner: unknown }).banner
        mouseClick(part(banner, "takeOverButton"))
        verify(banner.confirming)
        banner.owner = dead
        verify(!banner.confirming)
        verify(part(banner, "takeOverButton").activeFocus)
    }

    function test_offersNoTakeoverFromWhoIsSeenToRun() {
        const banner = stage({ status: AbstractLock.LockedByOther, owner: anna }).banner
        verify(!part(banner, "takeOverButton").visible)
        banner.canTakeOver = true
        verify(part(banner, "takeOverButton").visible)
    }

    function test_offersOnlyWhatTheProgramCan() {
        const banner = stage({ status: AbstractLock.LockedByOther, owner: unknown, canOpenReadOnly: false, canOpenCopy: false,
                               canTakeOver: false }).banner
        compare(shownButtons(banner), ["notifyButton"])
    }

    function test_countsTheWait() {
        const banner = stage({ status: AbstractLock.Waiting }).banner
        compare(part(banner, "elapsed").text, "0:00")
        tryCompare(part(banner, "elapsed"), "text", "0:01")
        banner.status = AbstractLock.LockedByOther
        banner.status = AbstractLock.Waiting
        compare(part(banner, "elapsed").text, "0:00")
    }

    function test_escapeEndsAWait() {
        const banner = stage({ status: AbstractLock.Waiting }).banner
        const spy = createTemporaryObject(spyType, test, { target: banner, signalName: "cancelChosen" })
        part(banner, "cancelButton").forceActiveFocus()
        keyClick(Qt.Key_Escape)
        compare(spy.count, 1)
    }

    function test_isWalkedThroughByKeyboard() {
        const banner = stage({ status: AbstractLock.LockedByOther, owner: unknown }).banner
        part(banner, "openReadOnlyButton").forceActiveFocus(Qt.TabFocusReason)
        for (const name of ["notifyButton", "openCopyButton", "takeOverButton"]) {
            keyClick(Qt.Key_Tab)
            verify(part(banner, name).activeFocus, name)
        }
    }
}
