// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Whether text can be read in the style and theme that the environment asks for, by the colours that are on the screen.

import QtQuick
import QtQuick.Controls
import QtTest
import Holdfast
import Testing

TestCase {
    id: test
    name: "Styles"
    when: windowShown

    readonly property var anna: Hand.owner({ userName: "anna", application: "notepad", liveness: Holdfast.Alive })

    Component {
        id: programType

        ApplicationWindow {
            id: program

            property alias banner: banner
            property alias indicator: indicator
            property alias body: body
            property alias pages: pages

            width: 700
            height: 400
            visible: true

            Rectangle {
                id: body
                anchors.fill: parent
                color: program.color // a picture of an item has not got it

                LockBanner {
                    id: banner
                    width: parent.width
                    status: AbstractLock.LockedByOther
                    owner: test.anna
                }

                LockIndicator {
                    id: indicator
                    anchors.bottom: parent.bottom
                    status: AbstractLock.Lost
                }

                Repeater {
                    id: pages
                    model: 0
                    Page { }
                }
            }
        }
    }

    component Page: Item {
        property alias dialog: dialog
        property alias dialogInOwnColors: other

        width: 700
        height: 400

        LostLockDialog {
            id: dialog
            documentName: "plan.txt"
        }

        LostLockDialog {
            id: other
            palette: colored.palette
        }

        Item {
            id: colored
            palette.window: "#102030"
        }
    }

    /** WCAG 2.1, relative luminance. */
    function luminance(color) {
        const linear = part => part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4)
        return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)
    }

    function contrast(a, b) {
        const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
        return (light + 0.05) / (dark + 0.05)
    }

    /** The darkest and the lightest colour in that part of @p picture. */
    function extremes(picture, item, root) {
        const at = item.mapToItem(root, 0, 0)
        let found = []
        for (let y = Math.ceil(at.y); y < at.y + item.height - 1; ++y)
            for (let x = Math.ceil(at.x); x < at.x + item.width - 1; ++x)
                found.push(picture.pixel(x, y))
        found.sort((a, b) => luminance(a) - luminance(b))
        return [found[0], found[found.length - 1]]
    }

    function verifyReadable(picture, item, root, least) {
        verify(item)
        const [dark, light] = extremes(picture, item, root)
        verify(contrast(dark, light) >= least, item.objectName + ": " + dark + " on " + light + ": " + contrast(dark, light))
    }

    function test_canBeRead() {
        const program = createTemporaryObject(programType, test)
        tryCompare(program, "active", true)
        waitForRendering(program.body)
        const root = program.contentItem
        const picture = grabImage(root)
        picture.save(Hand.picture("style-window"))
        for (const name of ["headline", "details", "openReadOnlyButton", "notifyButton"])
            verifyReadable(picture, findChild(program.banner, name), root, 4.5)
        verifyReadable(picture, program.indicator, root, 3) // WCAG 2.1, 1.4.11: what is no text
    }

    // A desktop turns dark while the program runs, and its dialogs are closed: Qt 6.4 passes the palette to open ones alone.
    function test_theDialogTakesThePaletteOfItsWindow() {
        const program = createTemporaryObject(programType, test)
        program.pages.model = 1
        const dialog = program.pages.itemAt(0).dialog
        const own = program.pages.itemAt(0).dialogInOwnColors
        program.palette.windowText = "#eceff1"
        program.palette.window = "#24272b"
        dialog.open()
        tryCompare(dialog, "opened", true)
        compare(dialog.palette.window, "#24272b")
        program.palette.window = "#202020" // while it is open
        compare(dialog.palette.window, "#202020")
        const message = findChild(dialog.contentItem, "message")
        verify(contrast(message.color, dialog.background.color) >= 4.5, message.color + " on " + dialog.background.color)
        waitForRendering(program.body)
        grabImage(program.contentItem.parent).save(Hand.picture("style-dialog")) // with the overlay
        compare(own.palette.window, "#102030")
    }
}
