// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The window: tabs, one document each, and one running program that opens what later starts bring.
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Holdfast
import HoldfastNotepad

ApplicationWindow {
    id: window

    /** Set by main(): the documents named on the command line, and what makes sure that one of us runs; null: nothing. */
    required property list<url> documents
    required property SingleInstanceGuard guard

    readonly property EditorPage page: pages.count > 0 ? pageAt(tabs.currentIndex) : null

    function pageAt(index: int) : EditorPage {
        return pages.itemAt(index) as EditorPage
    }

    function open(urls) {
        for (const url of urls)
            openOne(url)
    }

    function openOne(url) {
        for (let i = 0; i < model.count; ++i) {
            if (String(pageAt(i).url) === String(url)) {
                tabs.currentIndex = i
                return
            }
        }
        model.append({ address: String(url) })
        tabs.currentIndex = model.count - 1
    }

    /** @p name for a button, where it could be markup or have a mnemonic: a word joiner, which is not seen, keeps it from both. */
    function unmarked(name: string) : string {
        return name.replace(/&/g, "&&").replace(/[<&]/g, "$&\u2060")
    }

    /** Closes what its user has decided on, or the window and so asks about the next. */
    function closePage(page, all) {
        for (let i = 0; i < model.count && !all; ++i) {
            if (pageAt(i) === page) {
                model.remove(i)
                return
            }
        }
        if (all)
            close()
    }

    function chooseCopy() {
        chooser.choose(FileChooser.SaveCopy)
    }

    function closeTab(index) {
        const page = pageAt(index)
        if (page.modified)
            closing.ask(page, false)
        else
            model.remove(index)
    }

    width: 760
    height: 520
    minimumWidth: 420
    minimumHeight: 300
    visible: true
    title: page ? qsTr("%1%2 — Notepad").arg(page.modified ? "• " : "").arg(page.name) : qsTr("Notepad")

    Component.onCompleted: open(documents)
    onClosing: close => {
        for (let i = 0; i < model.count; ++i) {
            if (pageAt(i).modified) {
                close.accepted = false
                tabs.currentIndex = i
                closing.ask(pageAt(i), true)
                return
            }
        }
    }

    SingleInstance {
        instance: window.guard
        active: window.guard !== null
        onActivated: activation => {
            window.open(activation.urls)
            raiser.raise(window, activation)
        }
    }

    Raiser { id: raiser }

    ListModel { id: model }

    header: ToolBar {
        RowLayout {
            anchors.fill: parent
            anchors.leftMargin: 6
            anchors.rightMargin: 6
            spacing: 2

            ToolButton { action: openAction; objectName: "open" }
            ToolButton { action: saveAction; objectName: "save" }
            ToolButton { action: saveAsAction; objectName: "saveAs" }
            ToolButton { action: reloadAction; objectName: "reload" }
            Item { Layout.fillWidth: true }
        }
    }

    Action {
        id: openAction

        text: qsTr("Open…")
        shortcut: StandardKey.Open // qmllint disable unqualified
        onTriggered: chooser.choose(FileChooser.Open)
    }

    Action {
        id: saveAction

        text: qsTr("Save")
        shortcut: StandardKey.Save // qmllint disable unqualified
        enabled: window.page !== null && window.page.editable && window.page.modified
        onTriggered: window.page.save()
    }

    Action {
        id: saveAsAction

        text: qsTr("Save as…")
        shortcut: StandardKey.SaveAs // qmllint disable unqualified
        enabled: window.page !== null && window.page.loaded
        onTriggered: chooser.choose(FileChooser.SaveAs)
    }

    Action {
        id: reloadAction

        text: qsTr("Reload")
        shortcut: StandardKey.Refresh // qmllint disable unqualified
        enabled: window.page !== null
        onTriggered: window.page.askToReload()
    }

    Shortcut {
        sequences: [StandardKey.Close] // qmllint disable unqualified
        enabled: window.page !== null
        onActivated: window.closeTab(tabs.currentIndex)
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        TabBar {
            id: tabs

            objectName: "tabs"
            Layout.fillWidth: true
            visible: model.count > 1

            Repeater {
                model: pages.count

                TabButton {
                    required property int index
                    readonly property EditorPage page: window.pageAt(index) // qmllint disable unqualified

                    objectName: "tab" + index
                    text: page ? (page.modified ? "• " : "") + window.unmarked(page.name) : "" // qmllint disable unqualified
                    font.bold: checked // in the dark, some styles hardly show which one it is
                    width: implicitWidth
                }
            }
        }

        StackLayout {
            currentIndex: tabs.currentIndex

            Repeater {
                id: pages

                model: model

                EditorPage {
                    required property string address

                    url: address
                    onFreed: window.alert(0) // qmllint disable unqualified
                    onCopyWanted: window.chooseCopy() // qmllint disable unqualified
                    onCopySaved: address => window.openOne(address) // qmllint disable unqualified
                }
            }
        }

        Label {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: model.count === 0
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            opacity: 0.7
            text: qsTr("Open a document, or start the program once more with one.")
            wrapMode: Text.Wrap
        }
    }

    FileChooser {
        id: chooser

        onChosen: (url, purpose) => {
            if (purpose === FileChooser.Open)
                window.openOne(url)
            else if (purpose === FileChooser.SaveAs)
                window.page.saveAs(url)
            else
                window.page.saveCopy(url)
        }
    }

    ClosingDialog {
        id: closing

        onSaveChosen: (page, all) => {
            if (page.save())
                window.closePage(page, all)
        }
        onDiscardChosen: (page, all) => {
            page.discard()
            window.closePage(page, all)
        }
    }
}
