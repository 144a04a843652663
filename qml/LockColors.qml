// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls
import Holdfast

/**
 * The colours that the style really uses in this place. Not every style has them from the palette: Material and Universal know a
 * theme instead, and leave the palette light when that is dark.
 */
Item {
    id: colors

    /** Of text, as a Label has it. */
    readonly property color text: label.color

    /** What text is read on: the surface of a Pane, if it tells one that goes with the text, or else one that does. */
    readonly property color window: {
        const surface = pane.background as Rectangle
        for (const candidate of [surface?.color, pane.palette.window])
            if (candidate?.a === 1 && LockLook.isDark(candidate) !== LockLook.isDark(text))
                return candidate
        return LockLook.isDark(text) ? "#fafafa" : "#1e1e1e"
    }

    visible: false

    Label { id: label }
    Pane { id: pane }
}
