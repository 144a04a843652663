// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

import QtQuick
import Holdfast

/** What LockBanner says and asks, without its looks. */
QtObject {
    id: model

    required property int status
    required property lockHolder owner
    required property string errorString
    required property int lossReason
    required property string documentName
    required property bool ownedBySelf
    required property bool available

    readonly property string headline: headlineNow()
    readonly property string details: detailsNow()

    onStatusChanged: {
        confirming = false
        if (status === AbstractLock.Waiting)
            waitingSince = Date.now()
        now = Date.now()
    }
    onOwnerChanged: confirming = false // the question was about another one

    property bool confirming: false
    property real waitingSince: 0
    property real now: 0
    readonly property int seconds: isWaiting ? Math.max(0, Math.floor((now - waitingSince) / 1000)) : 0
    readonly property bool isWaiting: model.status === AbstractLock.Waiting && !model.available
    readonly property bool isLocked: model.status === AbstractLock.LockedByOther && !model.available
    readonly property bool isLost: model.status === AbstractLock.Lost && !model.available
    readonly property bool isError: model.status === AbstractLock.Error && !model.available
    readonly property bool isShown: model.available || isWaiting || isLocked || isLost || isError

    function headlineNow() : string {
        const name = model.documentName
        const isNamed = name !== ""
        const who = LockLook.who(model.owner)
        if (model.available)
            return isNamed ? qsTr("%1 is free now").arg(name) : qsTr("This document is free now")
        if (confirming)
            return isNamed ? LockLook.filled(qsTr("Take %1 over from %2?"), name, who)
                           : qsTr("Take this document over from %1?").arg(who)
        if (isWaiting)
            return isNamed ? qsTr("Waiting until %1 is free").arg(name) : qsTr("Waiting until this document is free")
        if (isLost)
            return isNamed ? qsTr("The lock on %1 was lost").arg(name) : qsTr("The lock on this document was lost")
        if (isError)
            return isNamed ? qsTr("%1 cannot be locked").arg(name) : qsTr("This document cannot be locked")
        return lockedHeadline(name, isNamed, who)
    }

    function lockedHeadline(name: string, isNamed: bool, who: string) : string {
        if (model.ownedBySelf)
            return isNamed ? qsTr("You have %1 open elsewhere").arg(name) : qsTr("You have this document open elsewhere")
        if (!model.owner.valid)
            return isNamed ? qsTr("%1 is being edited elsewhere").arg(name)
                           : qsTr("This document is being edited elsewhere")
        if (model.owner.liveness === Holdfast.Dead)
            return isNamed ? LockLook.filled(qsTr("%2 has left %1 locked"), name, who)
                           : qsTr("%1 has left this document locked").arg(who)
        return isNamed ? LockLook.filled(qsTr("%2 is editing %1"), name, who)
                       : qsTr("%1 is editing this document").arg(who)
    }

    function detailsNow() : string {
        if (model.available)
            return qsTr("You can edit it.")
        if (confirming)
            return takeOverWarning()
        if (isLost)
            return LockLook.loss(model.lossReason) + " " + qsTr("Somebody else may be editing it now.")
        if (isError)
            return model.errorString
        if (isWaiting && model.owner.valid)
            return LockLook.who(model.owner) + LockLook.dot + LockLook.details(model.owner)
        return isWaiting ? "" : LockLook.details(model.owner)
    }

    function takeOverWarning() : string {
        switch (model.owner.liveness) {
        case Holdfast.Alive:
            return qsTr("It is still open there. What has not been saved there may be lost.")
        case Holdfast.Dead:
            return qsTr("The program there has ended. What had not been saved there is lost already.")
        default:
            return qsTr("Whether it is still open there is not known. What has not been saved there may be lost.")
        }
    }
}
