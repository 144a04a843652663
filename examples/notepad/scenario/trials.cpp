// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "trials.h"

#include <cstdio>

void Trials::stand()
{
    const std::pair<const char *, void (Trials::*)()> all[] = {
        {"names are no markup", &Trials::showNamesAsText},
    };
    for (const auto &[name, trial] : all) {
        std::printf("%s\n", name);
        std::fflush(stdout);
        (this->*trial)();
    }
}

// As markup a name could load what it likes, from where it likes.
void Trials::showNamesAsText()
{
    const QString locked = "<h1>R&D, &lt; 3.txt";
    const QString mine = "<b>mine.txt";
    const QString eve = "<img src='http://127.0.0.1:9/x.png'>Eve";
    write(locked, "Once.\n");
    write(mine, "Twice.\n");
    write(".~lock." + locked + '#', eve + ",eve,atelier,26.11.2026 09:14,file:///home/eve;");
    Player ben("Ben", m_notepad, {"--new", path("plain.txt"), path(locked), path(mine)});
    for (const QString tab : {"tab1", "tab2"})
        expect(ben.get(tab, "implicitHeight") == ben.get("tab0", "implicitHeight"), tab + " takes a name for markup");
    ben.click("tab1");
    ben.await("page", "name", locked);
    ben.await("lock", "status", "LockedByOther");
    expect(ben.get("state", "text").contains(eve), "Ben is not told that it is " + eve);
    expectPlain(ben, "state");

    ben.click("tab2");
    ben.await("page", "editable", "true");
    ben.click("text");
    ben.type("x");
    ben.press("Ctrl+W");
    ben.await("closingDialog", "opened", "true");
    expectPlain(ben, "unsaved");
    ben.press("Escape");
    ben.await("closingDialog", "visible", "false");
    ben.call("page", "saveAs", urlOf(locked));
    ben.await("question", "opened", "true");
    expectPlain(ben, "consequence");
    ben.click("questionNo");
    ben.await("question", "visible", "false");
    ben.call("page", "saveCopy", urlOf("<i>copy.txt"));
    ben.await("note", "visible", "true");
    expectPlain(ben, "note");
    ben.kill(); // or it would ask what is to become of the x
}

void Trials::expectPlain(Player &player, const QString &label) const
{
    expect(player.get(label, "textFormat") == "PlainText", label + " takes a name for markup");
}
