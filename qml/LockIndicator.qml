// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls
import Holdfast

/**
 * A padlock for a status line: its colour and shape tell how a lock is, its tooltip says it, by mouse and by keyboard.
 */
Control {
    id: indicator

    property int status: AbstractLock.Idle ///< of a lock
    property lockHolder owner              ///< who has it
    property string errorString: ""
    property int lossReason: Holdfast.LossReason.None

    /** What the tooltip says. */
    readonly property string text: {
        switch (status) {
        case AbstractLock.Held:
            return qsTr("Locked for you")
        case AbstractLock.Waiting:
            return owner.valid ? qsTr("Waiting for %1").arg(LockLook.who(owner)) : qsTr("Waiting for the lock")
        case AbstractLock.LockedByOther:
            return owner.valid ? qsTr("Locked by %1").arg(LockLook.who(owner)) + "\n" + LockLook.details(owner)
                               : qsTr("Locked by somebody else")
        case AbstractLock.Lost:
            return qsTr("The lock was lost.") + " " + LockLook.loss(lossReason)
        case AbstractLock.Error:
            return errorString !== "" ? errorString : qsTr("The lock cannot be had")
        default:
            return qsTr("Not locked")
        }
    }

    implicitWidth: 20 + leftPadding + rightPadding
    implicitHeight: 20 + topPadding + bottomPadding
    padding: 2
    focusPolicy: Qt.TabFocus
    hoverEnabled: true

    Accessible.role: Accessible.Indicator
    Accessible.onRoleChanged: Accessible.role = Accessible.Indicator // Qt 6.4 forgets it when a screen reader starts
    Accessible.name: text
    Accessible.focusable: true

    ToolTip {
        id: tip

        // The one of the style, which would take a name for markup, and load what that asks for: it has no text until told not to.
        readonly property Text label: contentItem as Text

        objectName: "toolTip"
        visible: indicator.hovered || indicator.visualFocus
        text: label && label.textFormat === Text.PlainText ? indicator.text : ""
        delay: indicator.hovered ? 500 : 0
    }

    Binding {
        target: tip.label
        property: "textFormat"
        value: Text.PlainText
    }

    LockColors { id: colors }

    background: Rectangle {
        color: "transparent"
        radius: 3
        border.width: indicator.visualFocus ? 2 : 0
        border.color: indicator.palette.highlight
    }

    contentItem: LockIcon {
        color: LockLook.accent(indicator.status, colors.window)
        open: indicator.status === AbstractLock.Idle || indicator.status === AbstractLock.Lost

        Label { // colour alone must not say it
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            visible: mark !== ""
            readonly property string mark: indicator.status === AbstractLock.Waiting ? "…"
                : indicator.status === AbstractLock.Lost || indicator.status === AbstractLock.Error ? "!" : ""
            width: 10
            height: 10
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            text: mark
            font.pixelSize: 9
            font.bold: true
            color: colors.window
            Accessible.ignored: true

            background: Rectangle {
                radius: 5
                color: LockLook.accent(indicator.status, colors.window)
                border.color: colors.window
            }
        }
    }
}
