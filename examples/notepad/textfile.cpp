// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "textfile.h"

#include <holdfast/app/documentsave.h>

#include <QFile>
#include <QFileInfo>
#include <QStringDecoder>
#include <QTextDocument>

#include <algorithm>

namespace {

constexpr qint64 MostBytes = 16 * 1024 * 1024; // what a text area still shows without delay

const QByteArray ByteOrderMark = "\xef\xbb\xbf";

// What a QTextDocument has other uses for, mostly as the end of a line; and NUL, which is in no text.
bool isMarker(QChar character)
{
    constexpr QChar BeginningOfFrame(0xfdd0), EndOfFrame(0xfdd1);
    return character.isNull() || character == QChar::ParagraphSeparator || character == BeginningOfFrame
           || character == EndOfFrame;
}

} // namespace

QVariant TextFile::load(Holdfast::DocumentLock *lock)
{
    // Before it is read, so that no change in between is missed.
    lock->documentLoaded();
    QFile file(lock->path());
    if (!file.exists() && lock->path().contains(QChar::ReplacementCharacter)) {
        fail(tr("%1 cannot be opened: there are bytes in its name that are no text").arg(lock->path()));
        return {};
    }
    if (!file.exists()) {
        m_hasByteOrderMark = m_hasCarriageReturns = false;
        succeed();
        return QString();
    }
    QString text;
    if (!QFileInfo(file).isFile()) // to open a pipe would wait for whoever writes into it
        fail(tr("%1 is no file that can be edited").arg(lock->path()));
    else if (!file.open(QIODevice::ReadOnly))
        fail(tr("Cannot read %1: %2").arg(lock->path(), file.errorString()));
    else if (file.size() > MostBytes)
        fail(tr("%1 is larger than 16 MiB, which is more than this editor shows").arg(lock->path()));
    else if (!understand(file.readAll(), &text))
        fail(tr("%1 is no text that this editor could write again as it is: UTF-8, with lines that end in one way")
                 .arg(lock->path()));
    else
        return succeed(), text;
    return {};
}

// The text area knows lines, and not how they ended.
bool TextFile::understand(const QByteArray &bytes, QString *text)
{
    const bool hasMark = bytes.startsWith(ByteOrderMark);
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::ConvertInitialBom);
    *text = decode(bytes.sliced(hasMark ? ByteOrderMark.size() : 0));
    const qsizetype returns = text->count(u'\r');
    const bool isUniform = returns == 0 || (returns == text->count("\r\n") && returns == text->count(u'\n'));
    if (decode.hasError() || !isUniform || std::any_of(text->cbegin(), text->cend(), isMarker))
        return false;
    text->remove(u'\r');
    m_hasByteOrderMark = hasMark;
    m_hasCarriageReturns = returns > 0;
    return true;
}

// The raw text, for the plain one has ordinary blanks where there were others.
QByteArray TextFile::bytesOf(QQuickTextDocument *text) const
{
    QString raw = text->textDocument()->toRawText();
    raw.replace(QChar::ParagraphSeparator, m_hasCarriageReturns ? QString("\r\n") : QString("\n"));
    return (m_hasByteOrderMark ? ByteOrderMark : QByteArray()) + raw.toUtf8();
}

bool TextFile::save(Holdfast::DocumentLock *lock, QQuickTextDocument *text, bool anyway)
{
    return write(lock, bytesOf(text), anyway);
}

bool TextFile::saveCopy(const QUrl &address, QQuickTextDocument *text)
{
    Holdfast::DocumentLock lock(address.toLocalFile());
    if (lock.tryAcquire())
        return write(&lock, bytesOf(text), true);
    const bool isBusy = lock.error() == Holdfast::LockError::None;
    return fail(isBusy ? tr("%1 has %2; choose another name").arg(lock.owner().toString(), lock.path())
                       : lock.errorString());
}

bool TextFile::exists(const QUrl &address) const
{
    return QFileInfo::exists(address.toLocalFile());
}

QString TextFile::news(Holdfast::DocumentLock *lock) const
{
    switch (lock->checkDocument()) {
    case Holdfast::DocumentLock::Change::Removed:
        return tr("Another program has removed this document. What you see is not on the disk any more.");
    case Holdfast::DocumentLock::Change::Moved:
        return tr("Another program has moved this document to %1.").arg(QFileInfo(lock->movedTo()).fileName());
    default:
        return tr("Another program has changed this document since you opened it.");
    }
}

bool TextFile::isGone(Holdfast::DocumentLock *lock) const
{
    using Change = Holdfast::DocumentLock::Change;
    const Change change = lock->checkDocument();
    return change == Change::Removed || change == Change::Moved;
}

bool TextFile::canBecome(const QUrl &address)
{
    const QFileInfo there(address.toLocalFile());
    return !there.exists() || there.isFile() ? succeed()
                                             : fail(tr("%1 is no file that can be edited").arg(there.filePath()));
}

bool TextFile::write(Holdfast::DocumentLock *lock, const QByteArray &bytes, bool anyway)
{
    Holdfast::DocumentSave save(*lock);
    save.setOverwritesChanges(anyway);
    const bool isSaved = save.begin() && save.device()->write(bytes) == bytes.size() && save.commit();
    if (save.error() == Holdfast::DocumentSave::Error::DocumentChanged) // what to do about it stands beside
        return fail(news(lock));
    return isSaved ? succeed() : fail(save.errorString());
}

bool TextFile::fail(const QString &text)
{
    m_errorString = text;
    Q_EMIT errorStringChanged();
    return false;
}

bool TextFile::succeed()
{
    return fail({}), true;
}
