// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The only window of a start that finds a notepad which does not answer: shall it wait, or open its documents here?
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Holdfast
import HoldfastNotepad

ApplicationWindow {
    id: window

    required property Unanswered question

    width: 480
    height: content.implicitHeight + 40
    minimumWidth: 380
    minimumHeight: height
    visible: true
    title: qsTr("Notepad does not answer")

    Shortcut {
        sequence: "Escape"
        onActivated: window.question.giveUp()
    }

    ColumnLayout {
        id: content

        anchors { fill: parent; margins: 20 }
        spacing: 10

        Label {
            Layout.fillWidth: true
            text: qsTr("Notepad runs already, but does not answer")
            font.bold: true
            wrapMode: Text.Wrap
        }

        Label {
            objectName: "who"
            Layout.fillWidth: true
            text: {
                const question = window.question
                if (question.processId === "")
                    return qsTr("It may be busy, or stuck.")
                if (isNaN(question.since))
                    return qsTr("It is process %1, which may be busy, or stuck.").arg(question.processId)
                return qsTr("It is process %1, since %2, which may be busy, or stuck.").arg(question.processId)
                    .arg(LockLook.moment(question.since))
            }
            wrapMode: Text.Wrap
        }

        Label {
            Layout.fillWidth: true
            text: qsTr("A document that is open there can only be read here.")
            wrapMode: Text.Wrap
        }

        RowLayout {
            objectName: "waiting"
            Layout.fillWidth: true
            visible: window.question.waiting
            spacing: 8

            BusyIndicator {
                Layout.preferredWidth: 20
                Layout.preferredHeight: 20
                padding: 0
            }

            Label {
                Layout.fillWidth: true
                text: qsTr("Waiting until it answers")
            }
        }

        RowLayout {
            Layout.topMargin: 6
            Layout.fillWidth: true
            spacing: 8

            Item { Layout.fillWidth: true }

            Button {
                objectName: "giveUp"
                text: qsTr("Quit")
                onClicked: window.question.giveUp()
            }

            Button {
                objectName: "openHere"
                text: qsTr("Open here anyway")
                onClicked: window.question.openHere()
            }

            Button {
                objectName: "wait"
                text: qsTr("Wait")
                enabled: !window.question.waiting
                focus: true
                onClicked: window.question.wait()
            }
        }
    }
}
