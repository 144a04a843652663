// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "trials.h"

#include <QDir>
#include <QProcess>

#include <cstdio>
#include <exception>

void Trials::stand()
{
    const std::pair<const char *, void (Trials::*)()> all[] = {
        {"names are no markup", &Trials::showNamesAsText},
        {"a document opens at its beginning", &Trials::openAtTheBeginning},
        {"a reload asks", &Trials::askBeforeAReload},
        {"a save asks", &Trials::askBeforeASave},
        {"what is taken away stays to be seen", &Trials::keepWhatIsTakenAway},
        {"what comes back is as it was", &Trials::takeBackWhatCameBack},
        {"what is on no disk yet was taken away by nobody", &Trials::reloadWhatIsNew},
        {"a crash is told, also after a wait", &Trials::tellOfACrashAfterAWait},
        {"what cannot be saved as stays", &Trials::stayWhenSaveAsFails},
        {"a copy is shown", &Trials::showTheCopy},
        {"a later start brings documents, not options", &Trials::openWhatALaterStartNames},
        {"a name that is no text is refused", &Trials::refuseANameThatIsNoText},
    };
    QStringList failed;
    for (const auto &[name, trial] : all) {
        try {
            (this->*trial)();
            std::printf("%s\n", name);
            std::fflush(stdout);
        } catch (const std::exception &problem) {
            failed += QString("%1: %2").arg(name, problem.what());
        }
    }
    expect(failed.isEmpty(), failed.join("\n"));
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
    ben.call("page", "saveCopy", urlOf(locked));
    ben.await("question", "opened", "true");
    ben.click("questionYes");
    ben.await("note", "visible", "true");
    expectPlain(ben, "note");
    ben.kill(); // or it would ask what is to become of the x
}

void Trials::openAtTheBeginning()
{
    QString text;
    for (int line = 1; line <= 300; ++line)
        text += QString("This is line %1.\n").arg(line);
    write("long.txt", text);
    const auto ben = start("Ben", "long.txt");
    ben->await("page", "editable", "true");
    ben->await("text", "cursorPosition", "0");
    ben->picture(path("long.png")); // what is laid out late has its place then
    expect(ben->get("scroll", "position") == "0", "the beginning of a long document is not to be seen");
    ben->call("text", "forceActiveFocus");
    ben->press("Ctrl+End");
    ben->awaitOther("scroll", "position", "0");
    write("long.txt", text + "One more.\n");
    ben->await("noteReload", "visible", "true");
    ben->click("noteReload");
    ben->await("noteReload", "visible", "false");
    expect(ben->get("text", "cursorPosition") == QString::number(text.size()), "a reload takes the reader elsewhere");
}

void Trials::askBeforeAReload()
{
    const auto ben = edit("reload.txt", "mine");
    write("reload.txt", "Another text.\n");
    ben->await("noteReload", "visible", "true");
    ben->click("noteReload");
    ben->await("question", "opened", "true");
    ben->click("questionNo");
    ben->await("question", "visible", "false");
    expect(ben->get("text", "text").startsWith("mine"), "Reload takes what was typed, without a question");
    ben->click("noteReload");
    ben->await("question", "opened", "true");
    ben->click("questionYes");
    ben->await("page", "modified", "false");
    expect(ben->get("text", "text") == "Another text.\n", "Reload does not show the new text");
}

// Also lines that end as they do elsewhere come to the disk as they were.
void Trials::askBeforeASave()
{
    const auto ben = edit("save.txt", "1", "One.\r\nTwo.\r\n");
    ben->press("Ctrl+S");
    ben->await("page", "modified", "false");
    expect(read("save.txt") == "1One.\r\nTwo.\r\n", "a save changes the ends of lines");
    ben->type("2");
    write("save.txt", "Another text.\n");
    ben->await("noteReload", "visible", "true");
    ben->click("noteDismiss");
    ben->press("Ctrl+S");
    ben->await("noteOverwrite", "visible", "true");
    expect(read("save.txt") == "Another text.\n", "Save takes what another program has written");
    expect(ben->get("note", "text") == "Another program has changed this document since you opened it.",
           "Ben is told: " + ben->get("note", "text"));
    ben->click("noteOverwrite");
    ben->await("page", "modified", "false");
    expect(read("save.txt") == "12One.\r\nTwo.\r\n", "Overwrite does not write");
}

// Of a document that is gone, what is on the screen may be all there is.
void Trials::keepWhatIsTakenAway()
{
    for (const bool isMoved : {false, true}) {
        write("gone.txt", "The only copy.\n");
        const auto ben = start("Ben", "gone.txt");
        ben->await("page", "editable", "true");
        expect(isMoved ? QFile::rename(path("gone.txt"), path("moved.txt")) : QFile::remove(path("gone.txt")),
               "the document is not gone");
        ben->await("noteOverwrite", "visible", "true");
        const QString note = ben->get("note", "text");
        expect(note.contains(isMoved ? "moved this document to moved.txt" : "removed this document"),
               "Ben is told: " + note);
        expect(ben->get("noteReload", "visible") == "false", "Ben is to load what is not there");
        expect(ben->get("page", "modified") == "true", "Ben may close what is nowhere else");
        ben->press("F5");
        ben->await("noteOverwrite", "visible", "true");
        expect(ben->get("text", "text") == "The only copy.\n", "Reload takes the only copy away");
        ben->click("noteOverwrite");
        ben->await("page", "modified", "false");
        expect(read("gone.txt") == "The only copy.\n", "it is not saved again");
    }
}

void Trials::takeBackWhatCameBack()
{
    write("back.txt", "As it was.\n");
    const auto ben = start("Ben", "back.txt");
    ben->await("page", "editable", "true");
    expect(QFile::remove(path("back.txt")), "the document is not gone");
    ben->await("noteOverwrite", "visible", "true");
    write("back.txt", "As it was.\n");
    ben->await("noteOverwrite", "visible", "false");
    expect(ben->get("page", "modified") == "false", "Ben is to save what he has not changed");
}

void Trials::reloadWhatIsNew()
{
    const auto ben = start("Ben", "new.txt");
    ben->await("page", "editable", "true");
    ben->click("text");
    ben->type("mine");
    ben->await("page", "modified", "true");
    ben->press("F5");
    ben->await("question", "opened", "true");
    ben->click("questionYes");
    ben->await("page", "modified", "false");
    expect(ben->get("text", "text").isEmpty(), "what was to be discarded is there");
    expect(ben->get("note", "visible") == "false", "Ben is told: " + ben->get("note", "text"));
}

void Trials::tellOfACrashAfterAWait()
{
    const auto anna = edit("crash.txt", "lost");
    const auto ben = start("Ben", "crash.txt");
    ben->await("banner", "visible", "true");
    ben->click("notifyButton");
    ben->await("lock", "status", "Waiting");
    anna->kill();
    ben->await("page", "editable", "true");
    ben->await("note", "visible", "true");
    const QString note = ben->get("note", "text");
    expect(note.contains("ended without closing this document") && note.contains("you are editing it"),
           "Ben is told only: " + note);
}

// What is saved under another name that cannot be had stays where it was, with its lock.
void Trials::stayWhenSaveAsFails()
{
    const auto ben = edit("here.txt", "mine");
    QDir(path("")).mkdir("folder");
    expect(QProcess::execute("mkfifo", {path("fifo")}) == 0, "there is no pipe");
    // This one can be locked, and not be saved, as its name is no text.
    expect(QProcess::execute("sh", {"-c", "cd \"$0\"; name=$(printf 'caf\\351'); > $name; ln -s $name link", path("")})
               == 0,
           "there is no link");
    for (const QString target : {"folder", "fifo", "link"}) {
        ben->call("page", "saveAs", urlOf(target));
        if (target == "link") {
            ben->await("question", "opened", "true");
            ben->click("questionYes");
        }
        ben->await("note", "visible", "true");
        expect(ben->get("note", "text").contains(target), "Ben is not told what is the matter with " + target);
        ben->click("noteDismiss");
        expect(ben->get("page", "name") == "here.txt", "the document is gone to the " + target);
        ben->await("lock", "held", "true");
        expect(ben->get("lock", "heldPath") == path("here.txt"), "the lock is gone to the " + target);
    }
    const auto anna = start("Anna", "here.txt");
    anna->await("banner", "visible", "true");
    ben->press("Ctrl+S");
    ben->await("page", "modified", "false");
    expect(read("here.txt") == "mine", "Ben cannot save where he was");
    removeWhatQtCannot();
}

void Trials::showTheCopy()
{
    const auto anna = edit("plan.txt", "Anna's");
    anna->press("Ctrl+S");
    anna->await("page", "modified", "false");
    const auto ben = start("Ben", "plan.txt");
    ben->await("banner", "visible", "true");
    ben->call("page", "saveCopy", urlOf("plan of Ben.txt"));
    ben->await("page", "name", "plan of Ben.txt");
    ben->await("page", "editable", "true");
    expect(ben->get("text", "text") == "Anna's", "the copy has another text");
}

void Trials::openWhatALaterStartNames()
{
    write("-dash.txt", "Dash.\n");
    Player anna("Anna", m_notepad, {});
    QProcess later;
    later.setWorkingDirectory(path(""));
    later.start(m_program, {"-style", "Basic", "--", "-dash.txt"});
    expect(later.waitForFinished() && later.exitCode() == 0, "the second start does not end well");
    anna.await("page", "name", "-dash.txt");
    anna.await("page", "editable", "true");
    expect(anna.get("text", "text") == "Dash.\n", "it is another document");
    expect(anna.get("tabs", "count") == "1", "there are other documents: " + anna.get("tabs", "count"));
}

// Qt has such a name with other characters, under which there is nothing.
void Trials::refuseANameThatIsNoText()
{
    const QString start =
        "name=$(printf '%s/caf\\351.txt' \"$1\"); echo Coffee > \"$name\"; exec \"$0\" --new \"$name\"";
    Player ben("Ben", "sh", {"-c", start, m_notepad, path("")});
    ben.await("note", "visible", "true");
    ben.await("lock", "status", "Idle");
    expect(ben.get("note", "text").contains("name"), "Ben is told: " + ben.get("note", "text"));
    expect(ben.get("text", "readOnly") == "true", "Ben can write into a document of another name");
    expect(ben.get("saveAs", "enabled") == "false", "Ben can save what he does not see");
    removeWhatQtCannot();
}

std::unique_ptr<Player> Trials::edit(const QString &document, const QString &typed, const QString &before)
{
    write(document, before);
    auto player = start("Who edits", document);
    player->await("page", "editable", "true");
    player->click("text");
    player->press("Ctrl+Home");
    player->type(typed);
    player->await("page", "modified", "true");
    return player;
}

// A name that is no text.
void Trials::removeWhatQtCannot() const
{
    QProcess::execute("sh", {"-c", "rm \"$0\"/caf*", path("")});
}

void Trials::expectPlain(Player &player, const QString &label) const
{
    expect(player.get(label, "textFormat") == "PlainText", label + " takes a name for markup");
}
