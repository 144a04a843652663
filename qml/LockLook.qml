// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
pragma Singleton

import QtQuick
import Holdfast

/**
 * What is said about a lock, and in which colours, in one place, so that the banner, the icon and the dialog say the same; and
 * so does a program that uses it.
 */
QtObject {
    /** Whoever it is, as people call him. */
    function who(owner: lockHolder) : string {
        if (owner.fullName !== "")
            return owner.fullName
        if (owner.userName !== "")
            return owner.userName
        if (owner.application !== "")
            return owner.application
        return owner.valid ? owner.toString() : qsTr("Somebody else")
    }

    /** @p name, or a word for a document without one. */
    function subject(name: string) : string {
        return name !== "" ? name : qsTr("This document")
    }

    /** A long @p name without its middle, so that there is room for what is said about it. */
    function shortened(name: string) : string {
        const characters = Array.from(name)
        return characters.length <= 40 ? name : characters.slice(0, 19).join("") + "…" + characters.slice(-20).join("")
    }

    /** @p text with two names in the places of %1 and %2, whatever stands in the names: a second arg() would look into the first. */
    function filled(text: string, one: string, two: string) : string {
        return text.replace(/%[12]/g, place => place === "%1" ? one : two)
    }

    /** A time of today as hours and minutes, any other with its date. */
    function moment(when: date) : string {
        const isToday = when.toDateString() === new Date().toDateString()
        return isToday ? when.toLocaleTimeString(Qt.locale(), Locale.ShortFormat)
                       : when.toLocaleString(Qt.locale(), Locale.ShortFormat)
    }

    /** Between two facts; where a line breaks there, it does not begin with the dot. */
    readonly property string dot: "\u00a0· "

    /** Program, machine and since when, as far as they are known, and whether the owner still runs. */
    function details(owner: lockHolder) : string {
        if (!owner.valid)
            return qsTr("Nothing is known about who has it.")
        let text = ""
        if (owner.userName !== "" && owner.application !== "") // else it stands for the name
            text += owner.application + dot
        if (owner.hostName !== "")
            text += qsTr("on %1").arg(owner.hostName) + dot
        if (!isNaN(owner.since))
            text += qsTr("since %1").arg(moment(owner.since)) + dot
        return text + liveness(owner)
    }

    function liveness(owner: lockHolder) : string {
        switch (owner.liveness) {
        case Holdfast.Alive:
            return qsTr("running now")
        case Holdfast.Dead:
            return qsTr("no longer running")
        default:
            return qsTr("may no longer be running")
        }
    }

    /** Minutes and seconds, with hours only when there are some. */
    function duration(seconds: int) : string {
        const two = number => String(number).padStart(2, "0")
        const minutes = Math.floor(seconds / 60)
        return minutes < 60 ? minutes + ":" + two(seconds % 60)
                            : Math.floor(minutes / 60) + ":" + two(minutes % 60) + ":" + two(seconds % 60)
    }

    /** Why a lock was lost, for people. */
    function loss(reason: int) : string {
        switch (reason) {
        case Holdfast.LossReason.Expired:
            return qsTr("Its time was over.")
        case Holdfast.LossReason.Replaced:
            return qsTr("The lock file was removed or replaced.")
        case Holdfast.LossReason.MarkerMissing:
            return qsTr("The lock file was removed.")
        case Holdfast.LossReason.OwnerChanged:
            return qsTr("Somebody else has taken it over.")
        case Holdfast.LossReason.RefreshFailed:
            return qsTr("It could not be renewed in time: the disk did not answer, or this computer was asleep.")
        case Holdfast.LossReason.ConnectionLost:
            return qsTr("The connection to the server was lost.")
        default:
            return qsTr("The system has let go of it.")
        }
    }

    /** Whether @p background is dark. */
    function isDark(background: color) : bool {
        return background.hslLightness < 0.5
    }

    /** The colour that stands for a status, on @p background. */
    function accent(status: int, background: color) : color {
        const dark = isDark(background)
        switch (status) {
        case AbstractLock.Held:
            return dark ? "#7bc47f" : "#2e7d32"
        case AbstractLock.Waiting:
            return dark ? "#7fb2e5" : "#1f66a8"
        case AbstractLock.LockedByOther:
            return dark ? "#e5b567" : "#8a5a00"
        case AbstractLock.Lost:
        case AbstractLock.Error:
            return dark ? "#ef8f86" : "#b3261e"
        default:
            return dark ? "#a9adb3" : "#5f6368"
        }
    }

    /** A surface in that colour, faint enough for the window's text. */
    function surface(accent: color, background: color) : color {
        return Qt.tint(background, Qt.rgba(accent.r, accent.g, accent.b, 0.13))
    }
}
