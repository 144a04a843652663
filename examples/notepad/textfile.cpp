// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "textfile.h"

#include <holdfast/app/documentsave.h>

#include <QFile>
#include <QStringDecoder>

namespace {

constexpr qint64 MostBytes = 16 * 1024 * 1024; // what a text area still shows without delay

} // namespace

QVariant TextFile::load(Holdfast::DocumentLock *lock)
{
    // Before it is read, so that no change in between is missed.
    lock->documentLoaded();
    QFile file(lock->path());
    if (!file.exists()) {
        succeed();
        return QString();
    }
    if (!file.open(QIODevice::ReadOnly)) {
        fail(tr("Cannot read %1: %2").arg(lock->path(), file.errorString()));
        return {};
    }
    if (file.size() > MostBytes) {
        fail(tr("%1 is larger than 16 MiB, which is more than this editor shows").arg(lock->path()));
        return {};
    }
    QStringDecoder decode(QStringDecoder::Utf8);
    const QString text = decode(file.readAll());
    if (decode.hasError() || text.contains(QChar(u'\0'))) {
        fail(tr("%1 is no text in UTF-8").arg(lock->path()));
        return {};
    }
    succeed();
    return text;
}

bool TextFile::save(Holdfast::DocumentLock *lock, const QString &text, bool anyway)
{
    const QByteArray bytes = text.toUtf8();
    Holdfast::DocumentSave save(*lock);
    save.setOverwritesChanges(anyway);
    const bool isSaved = save.begin() && save.device()->write(bytes) == bytes.size() && save.commit();
    return isSaved ? succeed() : fail(save.errorString());
}

bool TextFile::saveCopy(const QUrl &address, const QString &text)
{
    Holdfast::DocumentLock lock(address.toLocalFile());
    if (!lock.tryAcquire()) {
        return fail(lock.error() == Holdfast::LockError::None
                        ? tr("%1 has %2; choose another name").arg(lock.owner().toString(), lock.path())
                        : lock.errorString());
    }
    return save(&lock, text, true);
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
