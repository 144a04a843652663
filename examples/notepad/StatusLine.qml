// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The lowest line of the window: the state of the lock, and of the text.
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Holdfast

ToolBar {
    id: line

    required property DocumentLock lock
    property int characters: 0
    property bool modified: false
    property bool unreadable: false
    property date savedAt

    signal editChosen()

    function stateText() {
        switch (lock.status) {
        case DocumentLock.Held: return qsTr("You are editing")
        case DocumentLock.Waiting: return qsTr("Read-only, waiting for it")
        case DocumentLock.LockedByOther: return lock.ownedBySelf ? qsTr("Read-only: you have it open elsewhere")
                                                                 : qsTr("Read-only: %1 has it").arg(LockLook.who(lock.owner))
        case DocumentLock.Lost: return qsTr("Read-only: the lock is lost")
        case DocumentLock.Error: return qsTr("Read-only: it cannot be locked")
        default: return unreadable ? qsTr("It cannot be shown") : qsTr("Read-only")
        }
    }

    RowLayout {
        anchors { fill: parent; leftMargin: 10; rightMargin: 10 }
        spacing: 8

        LockIndicator {
            status: line.lock.status
            owner: line.lock.owner
            errorString: line.lock.errorString
            lossReason: line.lock.lossReason
        }

        Label {
            objectName: "state"
            Layout.fillWidth: true
            text: line.stateText()
            textFormat: Text.PlainText
            elide: Text.ElideRight
        }

        ToolButton {
            objectName: "edit"
            visible: line.lock.status !== DocumentLock.Held && line.lock.status !== DocumentLock.Waiting
            text: qsTr("Edit")
            Accessible.description: qsTr("Tries to get the document for editing")
            onClicked: line.editChosen()
        }

        Label {
            visible: line.width > 420
            opacity: 0.75
            text: line.modified ? qsTr("not saved")
                : isNaN(line.savedAt) ? "" : qsTr("saved %1").arg(Qt.formatTime(line.savedAt, "hh:mm:ss"))
        }

        Label {
            visible: line.width > 420 // what the lock is at goes before
            opacity: 0.75
            text: line.characters === 1 ? qsTr("1 character") : qsTr("%1 characters").arg(line.characters)
        }
    }
}
