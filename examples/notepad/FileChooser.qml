// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Dialogs

FileDialog {
    id: dialog

    enum Purpose { Open, SaveAs, SaveCopy }

    property int purpose: FileChooser.Open

    signal chosen(url address, int purpose)

    function choose(what) {
        purpose = what
        fileMode = what === FileChooser.Open ? FileDialog.OpenFile : FileDialog.SaveFile
        open()
    }

    title: [qsTr("Open a document"), qsTr("Save under another name"), qsTr("Save a copy")][purpose]
    nameFilters: [qsTr("Text files (*.txt *.md)"), qsTr("All files (*)")]
    onAccepted: chosen(selectedFile, purpose)
}
