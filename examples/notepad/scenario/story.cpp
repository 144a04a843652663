// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "story.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QUrl>

#include <cstdio>

namespace {

const QString Document = "minutes.txt";
const QString First = "Minutes of the meeting\n\n1. The bridge is to be painted.\n";

} // namespace

Story::Story(QString notepad, QString program, QString pictures)
    : Stage(std::move(notepad), std::move(program)), m_pictures(std::move(pictures))
{
    if (!m_pictures.isEmpty())
        QDir().mkpath(m_pictures);
}

void Story::tell()
{
    write(Document, First);
    edit();
    meet();
    readOnly();
    askToBeTold();
    handOver();
    changeFromOutside();
    saveAs();
    lose();
    crash();
    takeOver();
    startAgain();
    findItStopped();
    openWhatIsNoText();
}

void Story::edit()
{
    m_anna = start("Anna");
    m_anna->await("lock", "held", "true");
    m_anna->click("text");
    m_anna->press("Ctrl+End");
    m_anna->type("2. Green, as before.");
    m_anna->await("page", "modified", "true");
    show(*m_anna, "editing");
}

void Story::meet()
{
    m_ben = start("Ben");
    m_ben->await("banner", "visible", "true");
    expect(m_ben->get("text", "readOnly") == "true", "Ben can write into a document that Anna has");
    show(*m_ben, "locked");
}

void Story::readOnly()
{
    m_ben->click("openReadOnlyButton");
    m_ben->await("edit", "visible", "true"); // a way back
    expect(m_ben->get("text", "text") == First, "Ben does not see what was saved");
    show(*m_ben, "read-only");
}

void Story::askToBeTold()
{
    m_ben->close();
    m_ben = start("Ben");
    m_ben->await("banner", "visible", "true");
    m_ben->click("notifyButton");
    m_ben->await("lock", "status", "Waiting");
    m_ben->awaitOther("elapsed", "text", "0:00"); // by then what turns beside it is seen
    show(*m_ben, "waiting");
}

void Story::handOver()
{
    m_anna->press("Ctrl+S");
    m_anna->await("page", "modified", "false");
    m_anna->close();
    m_ben->await("lock", "held", "true");
    expect(m_ben->get("text", "text").contains("Green"), "Ben does not see what Anna saved last");
    show(*m_ben, "free-now");
}

void Story::changeFromOutside()
{
    write(Document, First + "2. Red.\n");
    m_ben->await("noteReload", "visible", "true");
    show(*m_ben, "changed");
    m_ben->click("noteReload");
    expect(m_ben->get("text", "text").contains("Red"), "Reload does not show the new text");
}

void Story::saveAs()
{
    write("copy.txt", "Somebody else's.\n");
    m_ben->call("page", "saveAs", QUrl::fromLocalFile(path("copy.txt")).toString());
    m_ben->await("question", "opened", "true");
    show(*m_ben, "replace");
    expect(read("copy.txt").contains("Somebody"), "Save as does not ask before it replaces");
    m_ben->click("questionYes");
    m_ben->await("page", "name", "copy.txt");
    m_ben->await("lock", "held", "true");
    expect(read("copy.txt").contains("Red"), "Save as does not write the text");
    m_ben->close();
}

void Story::lose()
{
    m_ben = start("Ben");
    m_ben->await("lock", "held", "true");
    m_ben->click("text");
    m_ben->press("Ctrl+End");
    m_ben->type("3. Twice.");
    m_ben->await("page", "modified", "true");
    QFile::remove(sidecar(Document));
    m_ben->await("lostDialog", "opened", "true");
    show(*m_ben, "lost");
    m_ben->click("overwriteButton");
    m_ben->await("lock", "held", "true");
    m_ben->await("page", "modified", "false");
    expect(read(Document).contains("Twice"), "Overwrite does not write what was typed");
    m_ben->close();
}

void Story::crash()
{
    m_anna = start("Anna");
    m_anna->await("lock", "held", "true");
    m_anna->kill();
    m_ben = start("Ben");
    m_ben->await("lock", "held", "true");
    m_ben->await("note", "visible", "true");
    show(*m_ben, "recovered");
    m_ben->close();
}

// Somebody on another machine, whom nothing here can ask whether he is still there.
void Story::takeOver()
{
    write(".~lock." + Document + '#',
          "Clara Moreau,clara,atelier,26.11.2026 09:14,file:///home/clara/.config/libreoffice/4;");
    m_ben = start("Ben");
    m_ben->await("banner", "visible", "true");
    show(*m_ben, "elsewhere");
    m_ben->click("takeOverButton");
    m_ben->await("confirmTakeOverButton", "visible", "true");
    show(*m_ben, "take-over");
    m_ben->click("confirmTakeOverButton");
    m_ben->await("lock", "held", "true");
    show(*m_ben, "taken-over");
    m_ben->close();
}

// Without --new there is one notepad, and a later start brings its document there.
void Story::startAgain()
{
    write("budget.txt", "Paint: 40\n");
    m_anna = std::make_unique<Player>("Anna", m_notepad, QStringList{path(Document)});
    m_anna->await("lock", "held", "true");
    const int status = QProcess::execute(m_program, {path("budget.txt")});
    expect(status == 0, "the second start ends with " + QString::number(status));
    m_anna->await("page", "name", "budget.txt");
    m_anna->await("lock", "held", "true");
    expect(m_anna->get("text", "text").contains("Paint"), "the first window does not show the second document");
    show(*m_anna, "second-start");
    m_anna->close();
}

// What cannot be shown cannot be written over, and keeps nobody out.
void Story::openWhatIsNoText()
{
    write("picture.txt", "no" + QString(QChar(u'\0')) + "text");
    m_ben = std::make_unique<Player>("Ben", m_notepad, QStringList{"--new", path("picture.txt")});
    m_ben->await("note", "visible", "true");
    m_ben->await("lock", "status", "Idle");
    expect(m_ben->get("text", "readOnly") == "true", "Ben can write into what he does not see");
    write("picture.txt", "Text after all.\n");
    m_ben->click("edit");
    m_ben->await("page", "editable", "true");
    expect(m_ben->get("text", "text").contains("after all"), "Ben does not see what can be shown by now");
    m_ben->close();

    // To open a pipe would wait for whoever writes into it, with all other documents.
    expect(QProcess::execute("mkfifo", {path("pipe")}) == 0, "there is no pipe");
    m_ben = std::make_unique<Player>("Ben", m_notepad, QStringList{"--new", path("pipe")});
    m_ben->await("note", "visible", "true");
    m_ben->await("lock", "status", "Idle");
    expect(m_ben->get("text", "readOnly") == "true", "Ben can write into a pipe");
    m_ben->close();
}

// The one that runs does not answer: a window says so, and lets its user wait or go on without it.
void Story::findItStopped()
{
    m_anna = std::make_unique<Player>("Anna", m_notepad, QStringList{path("budget.txt")});
    m_anna->await("lock", "held", "true");
    m_anna->stop();
    m_ben = std::make_unique<Player>("Ben", m_notepad, QStringList{path(Document)});
    expect(m_ben->get("who", "text").contains(QString::number(m_anna->processId())),
           "Ben is not told who does not answer");
    show(*m_ben, "no-answer");
    m_ben->click("wait");
    m_ben->await("waiting", "visible", "true");
    m_anna->goOn();
    expect(m_ben->end() == 0, "Ben's start does not end when Anna's notepad has what it brought");
    m_anna->await("page", "name", Document);

    m_anna->stop();
    m_ben = std::make_unique<Player>("Ben", m_notepad, QStringList{path("diary.txt")});
    m_ben->click("openHere");
    m_ben->await("page", "name", "diary.txt");
    m_ben->await("lock", "held", "true");
    m_anna->kill(); // Ben's notepad takes later starts from now on
    const int status = QProcess::execute(m_program, {path("plan.txt")});
    expect(status == 0, "the start after that ends with " + QString::number(status));
    m_ben->await("page", "name", "plan.txt");
    m_ben->close();
}

std::unique_ptr<Player> Story::start(const QString &name)
{
    return Stage::start(name, Document);
}

void Story::show(Player &player, const QString &caption)
{
    std::printf("%2d  %s\n", ++m_step, caption.toUtf8().constData());
    std::fflush(stdout);
    if (!m_pictures.isEmpty())
        player.picture(QString("%1/notepad-%2-%3.png").arg(m_pictures).arg(m_step, 2, 10, QChar('0')).arg(caption));
}
