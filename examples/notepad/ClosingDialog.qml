// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Asks what becomes of changes that are not saved.
import QtQuick
import QtQuick.Controls

Dialog {
    id: dialog

    property int index: -1
    property string name

    signal saveChosen(int index)
    signal discardChosen(int index)

    function ask(which, title) {
        index = which
        name = title
        open()
    }

    objectName: "closingDialog"
    anchors.centerIn: Overlay.overlay
    width: Math.min(440, parent ? parent.width - 40 : 440)
    modal: true
    standardButtons: Dialog.Save | Dialog.Discard | Dialog.Cancel
    onAccepted: saveChosen(index)
    onDiscarded: {
        close()
        discardChosen(index)
    }
    title: qsTr("Save the changes?")

    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: qsTr("“%1” has changes that are not saved.").arg(dialog.name)
    }
}
