// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Asks before something is lost that nobody can bring back.
import QtQuick
import QtQuick.Controls

Dialog {
    id: dialog

    property var task
    property string consequence
    property string verb

    function ask(headline, text, answer, then) {
        title = headline
        consequence = text
        verb = answer
        task = then
        open()
    }

    objectName: "question"
    anchors.centerIn: Overlay.overlay
    width: Math.min(440, parent ? parent.width - 40 : 440)
    modal: true
    // A closed popup misses what changes in the palette around it.
    palette: parent ? parent.palette : nowhere.palette // qmllint disable
    onAccepted: task.call()

    readonly property Item nowhere: Item { }

    Label {
        objectName: "consequence"
        width: parent.width
        wrapMode: Text.Wrap
        text: dialog.consequence
        textFormat: Text.PlainText
    }

    footer: Row {
        padding: 12
        spacing: 8
        layoutDirection: Qt.RightToLeft

        Button {
            objectName: "questionNo"
            text: qsTr("Cancel")
            focus: true
            onClicked: dialog.reject()
        }
        Button {
            objectName: "questionYes"
            text: dialog.verb
            onClicked: dialog.accept()
        }
    }
}
