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
    readonly property string headline: d.headline
    readonly property string details: d.details
    readonly property color accent: LockLook.accent(available ? AbstractLock.Held : status, colors.window)

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
    Accessible.onRoleChanged: Accessible.role = Accessible.AlertMessage // Qt 6.4 forgets it when a screen reader starts
    Accessible.name: headline
    Accessible.description: details
    Accessible.ignored: !visible

    // A button that is gone would keep the focus, where nobody sees it.
    onConfirmingChanged: {
        if (!confirming && (keepButton.activeFocus || confirmButton.activeFocus))
            takeOverButton.forceActiveFocus(Qt.TabFocusReason)
    }

    Keys.onEscapePressed: event => {
        if (d.confirming)
            d.confirming = false
        else if (d.isWaiting)
            banner.cancelChosen()
        else
            event.accepted = false
    }

    LockColors { id: colors }

    LockBannerState {
        id: d

        status: banner.status
        owner: banner.owner
        errorString: banner.errorString
        lossReason: banner.lossReason
        documentName: banner.documentName
        ownedBySelf: banner.ownedBySelf
        available: banner.available
    }

    Timer {
        interval: 1000
        repeat: true
        running: d.isWaiting && banner.visible
        onTriggered: d.now = Date.now()
    }

    background: Rectangle {
        color: LockLook.surface(banner.accent, colors.window)

        Rectangle {
            objectName: "bar"
            x: banner.mirrored ? parent.width - width : 0
            width: 4
            height: parent.height
            color: banner.accent
        }

        Rectangle {
            anchors.bottom: parent.bottom
            width: parent.width
            height: 1
            color: Qt.rgba(banner.accent.r, banner.accent.g, banner.accent.b, 0.4)
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
            color: banner.accent
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

                BusyIndicator { // not a ProgressBar: nobody knows how long it takes
                    Layout.preferredWidth: 20
                    Layout.preferredHeight: 20
                    padding: 0
                    running: d.isWaiting && banner.visible
                    Accessible.ignored: true // the time beside it says it
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
                id: takeOverButton

                objectName: "takeOverButton"
                visible: banner.canTakeOver && d.isLocked && !d.confirming
                text: qsTr("Take over…")
                onClicked: {
                    d.confirming = true
                    keepButton.forceActiveFocus() // the harmless one
                }
            }

            Button {
                id: confirmButton

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
