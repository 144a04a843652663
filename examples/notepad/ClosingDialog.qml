// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Asks what becomes of changes that are not saved.
import QtQuick
import QtQuick.Controls
import HoldfastNotepad

Dialog {
    id: dialog

    property EditorPage page
    property bool all: false ///< the whole window is to be closed

    signal saveChosen(EditorPage page, bool all)
    signal discardChosen(EditorPage page, bool all)

    function ask(which, wholeWindow) {
        page = which
        all = wholeWindow
        open()
    }

    objectName: "closingDialog"
    anchors.centerIn: Overlay.overlay
    width: Math.min(440, parent ? parent.width - 40 : 440)
    modal: true
    // A closed popup misses what changes in the palette around it.
    palette: parent ? parent.palette : nowhere.palette // qmllint disable
    standardButtons: Dialog.Save | Dialog.Discard | Dialog.Cancel
    onAccepted: saveChosen(page, all)
    onDiscarded: {
        close()
        discardChosen(page, all)
    }
    title: qsTr("Save the changes?")

    readonly property Item nowhere: Item { }

    Label {
        objectName: "unsaved"
        width: parent.width
        wrapMode: Text.Wrap
        text: qsTr("“%1” has changes that are not saved.").arg(dialog.page ? dialog.page.name : "")
        textFormat: Text.PlainText
    }
}
