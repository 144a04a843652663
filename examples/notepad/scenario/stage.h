// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "player.h"

#include <QTemporaryDir>
#include <QUrl>

#include <memory>

/** A folder with documents, and notepads that are started on them. What is not as it should be is a std::runtime_error. */
class Stage
{
public:
    /** @p notepad: the controlled program. @p program: the one that people use. */
    Stage(QString notepad, QString program);

protected:
    /** A notepad of its own, beside others. */
    std::unique_ptr<Player> start(const QString &name, const QString &document) const;

    void write(const QString &name, const QString &text) const;
    QString read(const QString &name) const;
    void expect(bool fact, const QString &otherwise) const;
    QString path(const QString &name) const { return m_place.filePath(name); }
    QString urlOf(const QString &name) const { return QUrl::fromLocalFile(path(name)).toString(QUrl::FullyEncoded); }
    QString sidecar(const QString &document) const { return path(".~lock." + document + '#'); }

    const QString m_notepad;
    const QString m_program;

private:
    const QTemporaryDir m_place;
};
