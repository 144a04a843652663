// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What users bind to, for qmllint alone: a type that it does not know in what the module tells about itself is a warning here.
import Holdfast
import QtQuick

Item {
    readonly property var ofALock: [file.held, file.status, file.error, file.errorString, file.heldPath,
        file.timeout, file.pollInterval, file.lifetime]
    readonly property var ofAnOwner: [file.owner.valid, file.owner.processId, file.owner.hostName, file.owner.userName,
        file.owner.fullName, file.owner.application, file.owner.since, file.owner.liveness, file.owner.mode,
        file.owner.token, file.owner.toString()]
    readonly property var ofADocument: [document.held, document.status, document.owner.processId, document.guarantee,
        document.change, document.movedTo, document.source, document.path, document.error, document.errorString]
    readonly property var ofTheInstance: [instance.status, instance.key, instance.error, instance.errorString,
        instance.owner.processId]

    FileLock { id: file }
    ReadWriteLock { mode: ReadWriteLock.Read; path: file.path; active: file.held }
    SoftFileLock { malformedGrace: 2000; onLost: reason => console.warn(reason) }
    SoftFileLease { id: lease; duration: 30000; heartbeat: 10000; onContended: owner => console.log(owner.processId) }
    SoftReadWriteLock { mode: SoftReadWriteLock.Write; heartbeatInterval: 15000; staleThreshold: 45000 }
    DocumentLock {
        id: document
        onDocumentChanged: change => console.log(change)
        onPreviousOwnerCrashed: holder => console.log(holder.processId, holder.userName)
        onLost: reason => console.log(reason === Holdfast.LossReason.Expired)
    }
    SingleInstance {
        id: instance
        onActivated: activation => console.log(activation.arguments, activation.senderProcessId, activation.urls)
        onUnresponsive: holder => console.log(holder.processId)
        onForwarded: reply => console.log(reply.verdict, reply.exitCode)
    }
}
