// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Three views read together; an editor writes alone, as soon as the last of them has finished.

pragma ComponentBehavior: Bound

import QtQuick
import Holdfast

Item {
    id: catalogue

    property int begun: 0
    property int finished: 0

    Repeater {
        model: 3

        Item {
            id: view

            required property int index

            ReadWriteLock {
                id: reader

                path: "catalogue.lock.db"
                mode: ReadWriteLock.Read
                active: true
                onAcquired: {
                    catalogue.begun += 1
                    finish.start()
                }
            }

            Timer {
                id: finish

                interval: 50 * (view.index + 1)
                onTriggered: {
                    console.log("View", view.index, "has read.")
                    catalogue.finished += 1
                    reader.active = false
                }
            }
        }
    }

    ReadWriteLock {
        path: "catalogue.lock.db" // and to write, because mode says nothing else
        active: catalogue.begun > 0
        onAcquired: {
            console.log("The editor writes, and nobody reads:", catalogue.finished === catalogue.begun)
            Qt.exit(catalogue.finished === catalogue.begun ? 0 : 1)
        }
    }
}
