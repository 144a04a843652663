// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "stage.h"

#include <QFile>

#include <stdexcept>

Stage::Stage(QString notepad, QString program) : m_notepad(std::move(notepad)), m_program(std::move(program))
{
    qputenv("XDG_RUNTIME_DIR", m_place.path().toLocal8Bit()); // beside whatever this user runs
}

std::unique_ptr<Player> Stage::start(const QString &name, const QString &document) const
{
    return std::make_unique<Player>(name, m_notepad, QStringList{"--new", path(document)});
}

void Stage::write(const QString &name, const QString &text) const
{
    QFile file(path(name));
    expect(file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0, "cannot write " + file.fileName());
}

QString Stage::read(const QString &name) const
{
    QFile file(path(name));
    expect(file.open(QIODevice::ReadOnly), "cannot read " + file.fileName());
    return QString::fromUtf8(file.readAll());
}

void Stage::expect(bool fact, const QString &otherwise) const
{
    if (!fact)
        throw std::runtime_error(otherwise.toStdString());
}
