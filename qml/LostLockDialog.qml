// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Holdfast

/**
 * Asks what is to become of changes that were made under a lock which is lost: save a copy, reload what is there now, or
 * overwrite it. Escape, or "Decide later", closes it with rejected(): the program keeps the changes, and does not save.
 *
 *     LostLockDialog {
 *         id: lostDialog
 *         documentName: "plan.txt"
 *         onSaveCopyChosen: window.saveCopy()
 *         onReloadChosen: window.reload()
 *         onOverwriteChosen: window.overwrite()
 *     }
 *     FileLock { onLost: reason => { lostDialog.lossReason = reason; lostDialog.open() } }
 *
 * Its palette is that of its parent. One of its own is given whole, as `palette: another.palette`.
 */
Dialog {
    id: dialog

    property string documentName: "" ///< as people call it; empty: "this document"
    property int lossReason: Holdfast.LossReason.None
    property lockHolder owner        ///< who has it now, if that is known
    property bool modified: true     ///< there are changes that are not saved
    property bool canOverwrite: true

    readonly property string message: {
        const now = owner.valid ? qsTr("%1 is editing it now.").arg(LockLook.who(owner))
                                : qsTr("Somebody else may be editing it now.")
        const kept = modified ? qsTr("Your changes are still here, and not saved.") : qsTr("You have no unsaved changes.")
        return LockLook.loss(lossReason) + " " + now + "\n\n" + kept
    }

    signal saveCopyChosen
    signal reloadChosen
    signal overwriteChosen

    title: documentName !== "" ? qsTr("The lock on %1 was lost").arg(LockLook.shortened(documentName))
                               : qsTr("The lock on this document was lost")
    modal: true
    anchors.centerIn: Overlay.overlay
    width: Math.min(580, parent ? parent.width - 32 : 580)
    padding: 16
    // A closed popup of Qt 6.4 misses what changes in the palette around it. For a while there is no parent, and undefined would
    // end the program.
    palette: parent ? parent.palette : d.nowhere.palette // qmllint disable
    closePolicy: Popup.CloseOnEscape
    onOpened: saveCopyButton.forceActiveFocus() // nothing is lost by it

    /** A button whose text wraps before it sticks out. The text is that of the style, in its colours. */
    component Choice: Button {
        width: Math.min(implicitWidth, parent.width)
        Component.onCompleted: {
            for (let i = 0; i < contentItem.children.length; ++i) {
                const label = contentItem.children[i] as Text
                if (label) {
                    label.wrapMode = Text.Wrap
                    label.horizontalAlignment = Text.AlignHCenter
                }
            }
        }
    }

    header: Label { // the one of a style would take a name for markup
        text: dialog.title
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        font.bold: true
        padding: 16
        bottomPadding: 0
    }

    contentItem: Flickable { // qmllint disable deferred-property-id
        implicitWidth: content.implicitWidth
        implicitHeight: content.implicitHeight
        contentHeight: content.implicitHeight
        clip: true
        ScrollBar.vertical: ScrollBar { }

        RowLayout {
            id: content

            width: parent.width
            spacing: 16

            LockIcon {
                Layout.alignment: Qt.AlignTop
                implicitWidth: 32
                implicitHeight: 32
                color: LockLook.accent(AbstractLock.Lost, colors.window)
                open: true

                LockColors { id: colors }

                QtObject {
                    id: d
                    readonly property Item nowhere: Item { }
                }
            }

            Label {
                objectName: "message"
                Layout.fillWidth: true
                text: dialog.message
                textFormat: Text.PlainText
                wrapMode: Text.Wrap
            }
        }
    }

    footer: Control {
        padding: 16
        topPadding: 0

        contentItem: Flow { // qmllint disable deferred-property-id
            spacing: 8
            layoutDirection: Qt.RightToLeft

            Choice {
                id: saveCopyButton

                objectName: "saveCopyButton"
                text: qsTr("Save a copy…")
                visible: dialog.modified
                highlighted: true
                onClicked: {
                    dialog.accept()
                    dialog.saveCopyChosen()
                }
            }

            Choice {
                objectName: "reloadButton"
                text: dialog.modified ? qsTr("Discard changes and reload") : qsTr("Reload")
                onClicked: {
                    dialog.accept()
                    dialog.reloadChosen()
                }
            }

            Choice {
                objectName: "overwriteButton"
                text: qsTr("Overwrite it")
                visible: dialog.modified && dialog.canOverwrite
                onClicked: {
                    dialog.accept()
                    dialog.overwriteChosen()
                }
            }

            Choice {
                objectName: "laterButton"
                text: qsTr("Decide later")
                onClicked: dialog.reject()
            }
        }
    }
}
