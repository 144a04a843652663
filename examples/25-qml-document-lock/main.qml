// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// One editor for a document. The second window finds it locked, says by whom, and gets it as soon as the first has closed it.

import QtQuick
import Holdfast

Item {
    id: desk

    readonly property url document: Qt.resolvedUrl("main.qml") // any file: it is never touched
    property bool isFirstEditing: true

    DocumentLock {
        source: desk.document
        lockDirectory: "locks" // without it the file that tells of the lock lies beside the document
        active: desk.isFirstEditing
        onAcquired: second.acquire()
    }

    DocumentLock {
        id: second

        source: desk.document
        lockDirectory: "locks"
        onTimedOut: {
            console.log("Locked by", owner.toString(), ownedBySelf ? "(that is us)" : "")
            timeout = -1 // milliseconds; -1: for ever
            acquire()
            desk.isFirstEditing = false
        }
        onAcquired: {
            console.log("Free now:", path)
            Qt.exit(0)
        }
        onErrorOccurred: {
            console.error(errorString)
            Qt.exit(1)
        }
    }
}
