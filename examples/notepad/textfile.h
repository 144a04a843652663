// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/documentlock.h>

#include <QObject>
#include <QUrl>
#include <QtQml/qqml.h>

/** Reads and writes the text that a DocumentLock is about. */
class TextFile : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorStringChanged FINAL)

public:
    using QObject::QObject;

    QString errorString() const { return m_errorString; } ///< of the last call; empty: it went well

    /** The text of the document, of which later changes by others are told; undefined when it cannot be read. One that is not
        there yet is empty. */
    Q_INVOKABLE QVariant load(Holdfast::DocumentLock *lock);

    /** Saves, unless the lock is lost or somebody else has changed the document; @p anyway: also then. */
    Q_INVOKABLE bool save(Holdfast::DocumentLock *lock, const QString &text, bool anyway);

    /** Writes @p text to another file, unless somebody edits that. */
    Q_INVOKABLE bool saveCopy(const QUrl &address, const QString &text);

Q_SIGNALS:
    void errorStringChanged();

private:
    bool fail(const QString &text);
    bool succeed();

    QString m_errorString;
};
