// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/documentlock.h>

#include <QObject>
#include <QQuickTextDocument>
#include <QUrl>
#include <QtQml/qqml.h>

/** Reads and writes the text that a DocumentLock is about, and changes nothing in it that its user has not changed. */
class TextFile : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorStringChanged FINAL)

public:
    using QObject::QObject;

    QString errorString() const { return m_errorString; } ///< of the last call; empty: it went well

    /** The text of the document, of which later changes by others are told; undefined when it cannot be read, or could not be
        written again as it was. One that is not there yet is empty. */
    Q_INVOKABLE QVariant load(Holdfast::DocumentLock *lock);

    /** Saves, unless the lock is lost or somebody else has changed the document; @p anyway: also then. */
    Q_INVOKABLE bool save(Holdfast::DocumentLock *lock, QQuickTextDocument *text, bool anyway);

    /** Writes @p text to another file, unless somebody edits that. */
    Q_INVOKABLE bool saveCopy(const QUrl &address, QQuickTextDocument *text);

    Q_INVOKABLE bool exists(const QUrl &address) const;

    /** What another program has done to the document, in a sentence. */
    Q_INVOKABLE QString news(Holdfast::DocumentLock *lock) const;

    /** Whether another program has taken the document away: then a text that is shown may be the only one. */
    Q_INVOKABLE bool isGone(Holdfast::DocumentLock *lock) const;

    /** Whether a text can be saved there: there is a file, or nothing yet. */
    Q_INVOKABLE bool canBecome(const QUrl &address);

Q_SIGNALS:
    void errorStringChanged();

private:
    bool understand(const QByteArray &bytes, QString *text);
    QByteArray bytesOf(QQuickTextDocument *text) const;
    bool write(Holdfast::DocumentLock *lock, const QByteArray &bytes, bool anyway);
    bool fail(const QString &text);
    bool succeed();

    QString m_errorString;
    bool m_hasByteOrderMark = false;
    bool m_hasCarriageReturns = false;
};
