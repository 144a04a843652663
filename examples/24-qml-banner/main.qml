// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// A window that says who has the document, and lets the user wait for it. The other editor is played by a second lock, which
// gives up after a moment; so is the user, who asks to be notified.

import QtQuick
import QtQuick.Controls
import Holdfast

ApplicationWindow {
    visible: true
    width: 720
    height: 240
    title: "plan.txt"

    FileLock {
        id: other
        path: "plan.txt.lock"
        active: true
        onAcquired: lock.acquire()
    }

    FileLock {
        id: lock
        path: "plan.txt.lock"
        timeout: 0 // one attempt; the banner offers to wait
        onTimedOut: banner.notifyChosen()
        onContended: owner => console.log(banner.headline, "-", owner.toString())
        onAcquired: {
            console.log("The document is ours, and may be edited:", !text.readOnly)
            Qt.exit(text.readOnly ? 1 : 0)
        }
    }

    header: LockBanner {
        id: banner
        status: lock.status
        owner: lock.owner
        errorString: lock.errorString
        documentName: "plan.txt"
        onNotifyChosen: {
            lock.timeout = -1
            lock.acquire()
            other.active = false
        }
        onCancelChosen: lock.cancel()
    }

    TextArea {
        id: text
        anchors.fill: parent
        readOnly: !lock.held
    }

    footer: LockIndicator {
        status: lock.status
        owner: lock.owner
    }
}
