// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "story.h"

#include <QDir>
#include <QFile>
#include <QTextStream>
#include <QUrl>

#include <cstdio>
#include <stdexcept>

namespace {

const QString Document = "minutes.txt";
const QString First = "Minutes of the meeting\n\n1. The bridge is to be painted.\n";

} // namespace

Story::Story(QString notepad, QString pictures) : m_notepad(std::move(notepad)), m_pictures(std::move(pictures))
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
    expect(m_ben->get("text", "text") == First, "Ben does not see what was saved");
    show(*m_ben, "read-only");
}

void Story::askToBeTold()
{
    m_ben->close();
    m_ben = start("Ben");
    m_ben->await("banner", "visible", "true");
    m_ben->click("notifyButton");
    m_ben->await("lock", "status", "1");
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
    m_ben->call("page", "saveAs", QUrl::fromLocalFile(path("copy.txt")).toString());
    m_ben->await("page", "name", "copy.txt");
    m_ben->await("lock", "held", "true");
    expect(read("copy.txt").contains("Red"), "Save as does not write the text");
    m_ben->close();
}

void Story::lose()
{
    m_ben = start("Ben");
    m_ben->await("lock", "held", "true");
    QFile::remove(path(".~lock." + Document + '#'));
    m_ben->await("lostDialog", "opened", "true");
    show(*m_ben, "lost");
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
    write(".~lock." + Document + '#', "Clara Moreau,clara,atelier,26.11.2026 09:14,file:///home/clara/.config/libreoffice/4;");
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

std::unique_ptr<Player> Story::start(const QString &name)
{
    return std::make_unique<Player>(name, m_notepad, QStringList{"--new", path(Document)});
}

void Story::show(Player &player, const QString &caption)
{
    std::printf("%2d  %s\n", ++m_step, caption.toUtf8().constData());
    std::fflush(stdout);
    if (!m_pictures.isEmpty())
        player.picture(QString("%1/notepad-%2-%3.png").arg(m_pictures).arg(m_step, 2, 10, QChar('0')).arg(caption));
}

void Story::write(const QString &name, const QString &text) const
{
    QFile file(path(name));
    expect(file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0, "cannot write " + file.fileName());
}

QString Story::read(const QString &name) const
{
    QFile file(path(name));
    expect(file.open(QIODevice::ReadOnly), "cannot read " + file.fileName());
    return QString::fromUtf8(file.readAll());
}

void Story::expect(bool fact, const QString &otherwise) const
{
    if (!fact)
        throw std::runtime_error(otherwise.toStdString());
}
