// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick

/** A padlock, drawn so that it takes any colour and size; open or closed. */
Item {
    id: icon

    property color color: "black"
    property bool open: false

    implicitWidth: 20
    implicitHeight: 20

    readonly property real unit: Math.min(width, height) / 20

    Item {
        anchors.centerIn: parent
        width: 20 * icon.unit
        height: 20 * icon.unit

        Item { // the shackle, without what lies behind the body
            x: (icon.open ? 9 : 4.5) * icon.unit
            y: icon.unit
            width: 11 * icon.unit
            height: 9 * icon.unit
            clip: true

            Rectangle {
                anchors.horizontalCenter: parent.horizontalCenter
                width: 9 * icon.unit
                height: 16 * icon.unit
                radius: width / 2
                color: "transparent"
                border.color: icon.color
                border.width: 2 * icon.unit
            }
        }

        Rectangle { // the body
            x: 3 * icon.unit
            y: 9 * icon.unit
            width: 14 * icon.unit
            height: 10 * icon.unit
            radius: 2 * icon.unit
            color: icon.color
        }
    }
}
