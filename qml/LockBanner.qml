// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Holdfast

/**
 * A bar above a document that cannot be edited: who has it, since when, whether he still runs, and what can be done about it.
 *
 * It decides nothing and holds nothing. Bind its facts to those of any lock, and connect what is chosen:
 *
 *     LockBanner {
 *         status: lock.status
 *         owner: lock.owner
 *         errorString: lock.errorString
 *         documentName: "plan.txt"
 *         onNotifyChosen: lock.acquire()
 *         onCancelChosen: lock.cancel()
 *     }
 *
 * It takes no room while there is nothing to say. A takeover is asked for twice.
 */
Control {
    id: banner

    property int status: AbstractLock.Idle ///< of a lock
    property lockHolder owner              ///< who has it
    property string errorString: ""
    property int lossReason: Holdfast.LossReason.None
    property string documentName: ""       ///< as people call it; empty: "this document"
    property bool ownedBySelf: false       ///< this very user has it, in another window or on another computer
    property bool available: false         ///< it has become free, and is waiting for the user

    property bool canOpenReadOnly: true
    property bool canNotify: true
    property bool canOpenCopy: true
    property bool canTakeOver: owner.liveness !== Holdfast.Alive ///< who is seen to run is asked, not robbed

    readonly property bool confirming: d.confirming ///< asks whether a takeover is meant
    readonly property int waitedSeconds: d.seconds  ///< of the wait under way
    readonly property string headline: d.headline()
    readonly property string details: d.details()

    signal openReadOnlyChosen
    signal notifyChosen
    signal openCopyChosen
    signal takeOverChosen ///< and confirmed
    signal cancelChosen   ///< of a wait
    signal retryChosen    ///< after an error or a loss
    signal editChosen     ///< of a document that has become free

    visible: d.isShown
    padding: 12
    // No room while nothing is said, also where a layout does not look at `visible`.
    implicitHeight: visible ? implicitContentHeight + topPadding + bottomPadding : 0
    implicitWidth: implicitContentWidth + leftPadding + rightPadding

    Accessible.role: Accessible.AlertMessage
    Accessible.name: headline
    Accessible.description: details
    Accessible.ignored: !visible

    onStatusChanged: {
        d.confirming = false
        if (status === AbstractLock.Waiting)
            d.waitingSince = Date.now()
        d.now = Date.now()
    }
    onOwnerChanged: d.confirming = false // the question was about another one

    Keys.onEscapePressed: event => {
        if (d.confirming)
            d.confirming = false
        else if (d.isWaiting)
            banner.cancelChosen()
        else
            event.accepted = false
    }

    QtObject {
        id: d

        property bool confirming: false
        property real waitingSince: 0
        property real now: 0
        readonly property int seconds: isWaiting ? Math.max(0, Math.floor((now - waitingSince) / 1000)) : 0
        readonly property bool isWaiting: banner.status === AbstractLock.Waiting && !banner.available
        readonly property bool isLocked: banner.status === AbstractLock.LockedByOther && !banner.available
        readonly property bool isLost: banner.status === AbstractLock.Lost && !banner.available
        readonly property bool isError: banner.status === AbstractLock.Error && !banner.available
        readonly property bool isShown: banner.available || isWaiting || isLocked || isLost || isError
        readonly property color accent: LockLook.accent(banner.available ? AbstractLock.Held : banner.status,
                                                          banner.palette.window)

        function headline() : string {
            const name = banner.documentName
            const isNamed = name !== ""
            const who = LockLook.who(banner.owner)
            if (banner.available)
                return isNamed ? qsTr("%1 is free now").arg(name) : qsTr("This document is free now")
            if (confirming)
                return isNamed ? qsTr("Take %1 over from %2?").arg(name).arg(who)
                               : qsTr("Take this document over from %1?").arg(who)
            if (isWaiting)
                return isNamed ? qsTr("Waiting until %1 is free").arg(name) : qsTr("Waiting until this document is free")
            if (isLost)
                return isNamed ? qsTr("The lock on %1 was lost").arg(name) : qsTr("The lock on this document was lost")
            if (isError)
                return isNamed ? qsTr("%1 cannot be locked").arg(name) : qsTr("This document cannot be locked")
            return lockedHeadline(name, isNamed, who)
        }

        function lockedHeadline(name: string, isNamed: bool, who: string) : string {
            if (banner.ownedBySelf)
                return isNamed ? qsTr("You have %1 open elsewhere").arg(name) : qsTr("You have this document open elsewhere")
            if (!banner.owner.valid)
                return isNamed ? qsTr("%1 is being edited elsewhere").arg(name)
                               : qsTr("This document is being edited elsewhere")
            if (banner.owner.liveness === Holdfast.Dead)
                return isNamed ? qsTr("%2 has left %1 locked").arg(name).arg(who)
                               : qsTr("%1 has left this document locked").arg(who)
            return isNamed ? qsTr("%2 is editing %1").arg(name).arg(who) : qsTr("%1 is editing this document").arg(who)
        }

        function details() : string {
            if (banner.available)
                return qsTr("You can edit it.")
            if (confirming)
                return takeOverWarning()
            if (isLost)
                return LockLook.loss(banner.lossReason) + " " + qsTr("Somebody else may be editing it now.")
            if (isError)
                return banner.errorString
            if (isWaiting && banner.owner.valid)
                return LockLook.who(banner.owner) + " · " + LockLook.details(banner.owner)
            return isWaiting ? "" : LockLook.details(banner.owner)
        }

        function takeOverWarning() : string {
            switch (banner.owner.liveness) {
            case Holdfast.Alive:
                return qsTr("It is still open there. What has not been saved there may be lost.")
            case Holdfast.Dead:
                return qsTr("The program there has ended. What had not been saved there is lost already.")
            default:
                return qsTr("Whether it is still open there is not known. What has not been saved there may be lost.")
            }
        }
    }

    Timer {
        interval: 1000
        repeat: true
        running: d.isWaiting && banner.visible
        onTriggered: d.now = Date.now()
    }

    background: Rectangle {
        color: LockLook.surface(d.accent, banner.palette.window)

        Rectangle {
            width: 4
            height: parent.height
            color: d.accent
        }

        Rectangle {
            anchors.bottom: parent.bottom
            width: parent.width
            height: 1
            color: Qt.rgba(d.accent.r, d.accent.g, d.accent.b, 0.4)
        }
    }

    contentItem: GridLayout { // qmllint disable deferred-property-id
        id: content

        // Beside the text where there is room for both, else below it.
        readonly property bool isWide: banner.availableWidth >= icon.width + 320 + buttons.implicitWidth + 2 * columnSpacing

        columns: isWide ? 3 : 2
        columnSpacing: 12
        rowSpacing: 8

        LockIcon {
            id: icon

            Layout.alignment: Qt.AlignTop
            Layout.topMargin: 1
            Layout.leftMargin: 4
            color: d.accent
            open: banner.available || d.isLost
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            Label {
                objectName: "headline"
                Layout.fillWidth: true
                text: banner.headline
                textFormat: Text.PlainText
                font.bold: true
                wrapMode: Text.Wrap
                Accessible.ignored: true // the banner itself says it
            }

            Label {
                objectName: "details"
                Layout.fillWidth: true
                visible: text !== ""
                text: banner.details
                textFormat: Text.PlainText
                wrapMode: Text.Wrap
                Accessible.ignored: true
            }

            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: 4
                visible: d.isWaiting
                spacing: 8

                ProgressBar {
                    Layout.fillWidth: true
                    Layout.maximumWidth: 240
                    indeterminate: true
                    Layout.preferredHeight: 8
                    Accessible.name: banner.headline
                }

                Label {
                    objectName: "elapsed"
                    text: LockLook.duration(banner.waitedSeconds)
                    Accessible.name: qsTr("Waiting for %1").arg(text)
                }
            }
        }

        Flow {
            id: buttons

            Layout.column: content.isWide ? 2 : 1
            Layout.row: content.isWide ? 0 : 1
            Layout.fillWidth: !content.isWide
            Layout.preferredWidth: content.isWide ? implicitWidth : -1
            Layout.alignment: content.isWide ? Qt.AlignVCenter | Qt.AlignRight : Qt.AlignLeft
            visible: banner.visible
            spacing: 8

            Button {
                objectName: "editButton"
                visible: banner.available
                text: qsTr("Edit")
                onClicked: banner.editChosen()
            }

            Button {
                objectName: "openReadOnlyButton"
                visible: banner.canOpenReadOnly && d.isLocked && !d.confirming
                text: qsTr("Open read-only")
                onClicked: banner.openReadOnlyChosen()
            }

            Button {
                objectName: "notifyButton"
                visible: banner.canNotify && d.isLocked && !d.confirming
                text: qsTr("Notify me")
                Accessible.description: qsTr("Waits until the document is free")
                onClicked: banner.notifyChosen()
            }

            Button {
                objectName: "openCopyButton"
                visible: banner.canOpenCopy && d.isLocked && !d.confirming
                text: qsTr("Open a copy")
                onClicked: banner.openCopyChosen()
            }

            Button {
                objectName: "takeOverButton"
                visible: banner.canTakeOver && d.isLocked && !d.confirming
                text: qsTr("Take over…")
                onClicked: {
                    d.confirming = true
                    keepButton.forceActiveFocus() // the harmless one
                }
            }

            Button {
                objectName: "confirmTakeOverButton"
                visible: d.isLocked && d.confirming
                text: qsTr("Take over")
                onClicked: {
                    d.confirming = false
                    banner.takeOverChosen()
                }
            }

            Button {
                id: keepButton

                objectName: "keepButton"
                visible: d.isLocked && d.confirming
                text: qsTr("Leave it to them")
                onClicked: d.confirming = false
            }

            Button {
                objectName: "retryButton"
                visible: d.isLost || d.isError
                text: d.isLost ? qsTr("Lock again") : qsTr("Try again")
                onClicked: banner.retryChosen()
            }

            Button {
                objectName: "cancelButton"
                visible: d.isWaiting
                text: qsTr("Stop waiting")
                onClicked: banner.cancelChosen()
            }
        }
    }
}
