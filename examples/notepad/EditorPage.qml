// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One document: its lock, its text, and what there is to say about both.
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Holdfast
import HoldfastNotepad

Item {
    id: page

    enum Task { Nothing, Reload, Overwrite }

    required property url url
    readonly property string name: fileName(url)
    readonly property bool editable: lock.held && loaded
    property bool modified: false
    property bool isOnlyCopy: false ///< modified only because another program has taken the document away
    property bool loaded: false
    property bool unreadable: false ///< nothing of it can be shown, so there is no reason to keep others out

    /** While saving under another name: where the document was until then. */
    property url formerUrl

    /** What is to be done once the lock is held again. */
    property int afterHeld: EditorPage.Nothing

    signal copyWanted()
    signal copySaved(url address)
    signal freed() ///< what was waited for

    function reload() {
        afterHeld = EditorPage.Nothing
        if (loaded && area.length > 0 && file.isGone(lock.guard)) { // there is nothing to be shown instead
            tellNews()
            return
        }
        const text = file.load(lock.guard)
        if (text === undefined) {
            notes.show(file.errorString, NoteBar.Problem)
            if (!loaded) {
                unreadable = true
                lock.release()
            }
            return
        }
        unreadable = false
        const position = area.cursorPosition
        loaded = false
        area.text = text
        area.cursorPosition = Math.min(position, area.length)
        modified = false
        loaded = true
        if (notes.kind === NoteBar.Changed || notes.kind === NoteBar.Gone)
            notes.dismiss()
    }

    /** Says what another program has done to the document. Of one that it has taken away the text here may be all there is. */
    function tellNews() {
        notes.show(file.news(lock.guard), file.isGone(lock.guard) ? NoteBar.Gone : NoteBar.Changed)
        if (notes.kind === NoteBar.Gone && editable && !modified)
            modified = isOnlyCopy = true
    }

    /** What was taken away, or changed, is as it was. */
    function takeNewsBack() {
        if (notes.kind === NoteBar.Gone || notes.kind === NoteBar.Changed)
            notes.dismiss()
        if (isOnlyCopy)
            modified = isOnlyCopy = false
    }

    /** Reloads, and asks before if that costs anything. */
    function askToReload() {
        if (modified && !file.isGone(lock.guard))
            question.ask(qsTr("Discard your changes?"), qsTr("What you have not saved is lost."), qsTr("Discard"), reload)
        else
            reload()
    }

    function save(anyway = false) {
        if (!file.save(lock.guard, area.textDocument, anyway)) {
            notes.show(file.errorString, lock.guard.change === 0 ? NoteBar.Problem
                                         : file.isGone(lock.guard) ? NoteBar.Gone : NoteBar.Changed)
            return false
        }
        modified = false
        notes.dismiss()
        statusLine.savedAt = new Date()
        return true
    }

    /** Calls @p task, if the user wants @p target overwritten or there is none. */
    function unlessThere(target, task) {
        if (!file.canBecome(target))
            notes.show(file.errorString, NoteBar.Problem)
        else if (file.exists(target))
            question.ask(qsTr("Replace that document?"), qsTr("%1 is there already.").arg(fileName(target)), qsTr("Replace"), task)
        else
            task()
    }

    function fileName(address) {
        return decodeURIComponent(String(address).replace(/^.*\//, ""))
    }

    // The lock on the new name comes first; the old one is kept until then, and for good if the new one cannot be had at once:
    // who waits for a document has not agreed to what is in it then.
    function saveAs(target) {
        if (String(target) === String(url)) {
            save()
            return
        }
        unlessThere(target, () => {
            lock.timeout = 0
            formerUrl = url
            url = target
        })
    }

    function saveCopy(target) {
        unlessThere(target, () => {
            if (file.saveCopy(target, area.textDocument))
                copySaved(target)
            else
                notes.show(file.errorString, NoteBar.Problem)
        })
    }

    function discard() {
        modified = false
    }

    /** Tries to become who edits the document, once. */
    function edit(then = EditorPage.Nothing) {
        banner.isPutAway = false
        afterHeld = then
        lock.timeout = 0
        lock.acquire()
    }

    function handleHeld() {
        const hasWaited = lock.timeout !== 0
        lock.timeout = 0
        if (String(formerUrl) !== "") {
            const former = formerUrl
            formerUrl = ""
            if (!save(true))
                url = former // with its changes; what was wrong stands above them
        } else if (afterHeld === EditorPage.Overwrite) {
            save(true)
        } else if (!modified) {
            reload() // somebody may have saved while we waited
        }
        afterHeld = EditorPage.Nothing
        if (hasWaited) {
            notes.add(qsTr("%1 is free now, and you are editing it.").arg(name)) // whoever had it may have crashed
            freed()
        }
    }

    function handleRefusal(reason) {
        if (String(formerUrl) !== "") {
            notes.show(reason, NoteBar.Problem)
            url = formerUrl
            formerUrl = ""
        } else if (!loaded || afterHeld === EditorPage.Reload) {
            reload()
        }
        afterHeld = EditorPage.Nothing
    }

    TextFile { id: file }

    DocumentLock {
        id: lock

        objectName: "lock"
        source: page.url
        active: !page.unreadable
        timeout: 0
        onAcquired: page.handleHeld()
        onTimedOut: page.handleRefusal(qsTr("%1 has that document.").arg(LockLook.who(lock.owner)))
        onErrorOccurred: page.handleRefusal(lock.errorString)
        onPreviousOwnerCrashed: owner => notes.show(
            qsTr("%1 ended without closing this document. You see what was saved last.").arg(LockLook.who(owner)), NoteBar.Fact)
        onDocumentChanged: page.tellNews()
        onChangeChanged: if (change === DocumentLockGuard.Change.None) page.takeNewsBack()
        onLost: {
            if (notes.kind === NoteBar.Fact) // "you are editing it" is none any more
                notes.dismiss()
            lostDialog.open()
        }
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        LockBanner {
            id: banner

            property bool isPutAway: false

            objectName: "banner"
            Layout.fillWidth: true
            // One attempt is over at once; there is nothing to say about it before.
            status: lock.status === DocumentLock.Waiting && lock.timeout === 0
                    || lock.status === DocumentLock.LockedByOther && isPutAway ? DocumentLock.Idle : lock.status
            owner: lock.owner
            errorString: lock.errorString
            lossReason: lock.lossReason
            documentName: page.name
            ownedBySelf: lock.ownedBySelf
            onOpenReadOnlyChosen: isPutAway = true
            onNotifyChosen: {
                notes.dismiss()
                lock.timeout = -1
                lock.acquire()
            }
            onOpenCopyChosen: page.copyWanted()
            onTakeOverChosen: lock.takeOver()
            onCancelChosen: {
                lock.timeout = 0
                lock.cancel()
            }
            onRetryChosen: page.edit()
        }

        NoteBar {
            id: notes

            Layout.fillWidth: true
            onReloadChosen: page.askToReload()
            onOverwriteChosen: page.save(true)
        }

        ScrollView {
            readonly property real position: (contentItem as Flickable).contentY

            objectName: "scroll"
            Layout.fillWidth: true
            Layout.fillHeight: true

            TextArea {
                id: area

                // Who may write, or may no longer, stays where he reads: by itself the cursor goes to the end then.
                readonly property bool isForReading: !page.editable

                objectName: "text"
                readOnly: true
                onIsForReadingChanged: {
                    const position = cursorPosition
                    readOnly = isForReading
                    cursorPosition = position
                }
                wrapMode: TextEdit.Wrap
                selectByMouse: true
                persistentSelection: true
                leftPadding: 14
                rightPadding: 14
                topPadding: 10
                font.pointSize: 11
                background: Rectangle {
                    // Some styles have themes instead of a palette: what does not go with their text is left to the window.
                    readonly property color wanted: area.readOnly ? area.palette.window : area.palette.base

                    color: LockLook.isDark(wanted) !== LockLook.isDark(area.color) ? wanted : "transparent"
                }
                Accessible.name: qsTr("Text of %1").arg(page.name)
                onTextChanged: {
                    page.isOnlyCopy = false
                    if (page.loaded)
                        page.modified = true
                }
            }
        }

        StatusLine {
            id: statusLine

            Layout.fillWidth: true
            lock: lock
            characters: area.length
            modified: page.modified
            unreadable: page.unreadable
            onEditChosen: page.edit()
        }
    }

    LostLockDialog {
        id: lostDialog

        objectName: "lostDialog"
        documentName: page.name
        lossReason: lock.lossReason
        owner: lock.owner
        modified: page.modified
        onSaveCopyChosen: page.copyWanted()
        onReloadChosen: {
            page.discard()
            page.edit(EditorPage.Reload)
        }
        onOverwriteChosen: page.edit(EditorPage.Overwrite)
    }

    Question {
        id: question
    }
}
