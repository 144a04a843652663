// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One sentence above the text: a problem, a fact, or that somebody else has changed the document, or taken it away.
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Holdfast

Rectangle {
    id: bar

    enum Kind { Fact, Changed, Gone, Problem }

    property int kind: NoteBar.Fact
    readonly property bool isDark: !LockLook.isDark(ofStyle.color) // as the text of the style, for not every style has a palette
    readonly property real hue: [0.58, 0.12, 0.12, 0.0][kind]

    signal reloadChosen()
    signal overwriteChosen()

    function show(sentence, ofKind) {
        label.text = sentence
        kind = ofKind
        visible = true
    }

    /** Says a fact besides what it says already. */
    function add(sentence) {
        if (visible)
            label.text += " " + sentence
        else
            show(sentence, NoteBar.Fact)
    }

    function dismiss() {
        visible = false
    }

    visible: false
    implicitHeight: row.implicitHeight + 12
    color: Qt.hsla(hue, 0.5, isDark ? 0.2 : 0.9, 1)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: label.text

    Label {
        id: ofStyle

        visible: false
    }

    RowLayout {
        id: row

        anchors { fill: parent; leftMargin: 14; rightMargin: 6; topMargin: 6; bottomMargin: 6 }
        spacing: 8

        Label {
            id: label

            objectName: "note"
            Layout.fillWidth: true
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            color: bar.isDark ? "#f2f2f2" : "#1c1c1c"
        }

        Button {
            objectName: "noteReload"
            visible: bar.kind === NoteBar.Changed
            text: qsTr("Reload")
            onClicked: bar.reloadChosen()
        }

        Button {
            objectName: "noteOverwrite"
            visible: bar.kind === NoteBar.Changed || bar.kind === NoteBar.Gone
            text: bar.kind === NoteBar.Gone ? qsTr("Save it here") : qsTr("Overwrite it")
            onClicked: bar.overwriteChosen()
        }

        Button {
            objectName: "noteDismiss"
            flat: true
            text: bar.kind === NoteBar.Changed || bar.kind === NoteBar.Gone ? qsTr("Not now") : qsTr("Dismiss")
            onClicked: bar.dismiss()
        }
    }
}
