// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// A lock that is declared. `active` says that it is wanted; `held` is the case or not. Start it twice: the second waits until
// the first has finished.

import QtQuick
import Holdfast

Window {
    id: window

    property bool editing: true

    title: lock.held ? qsTr("Editing the plan") : qsTr("Waiting for %1").arg(lock.owner.toString())
    visible: true
    width: 480
    height: 120

    FileLock {
        id: lock

        path: "plan.lock"
        active: window.editing
        timeout: 5000 // milliseconds; left out: for ever

        onAcquired: {
            console.log("The plan is ours:", path)
            work.start()
        }
        onReleased: Qt.quit()
        onContended: owner => console.log("Waiting for", owner.toString())
        onTimedOut: Qt.exit(1)
        onLost: reason => console.warn("Somebody removed the lock file; stop writing. Reason:", reason)
        onErrorOccurred: {
            console.error(errorString)
            Qt.exit(1)
        }
    }

    Timer {
        id: work

        interval: 200
        onTriggered: window.editing = false // gives the lock back
    }

    Text {
        anchors.centerIn: parent
        text: lock.held ? qsTr("You may write.") : qsTr("Read-only.")
    }
}
