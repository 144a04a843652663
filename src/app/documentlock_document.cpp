// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What a lock knows of its document.

#include <holdfast/app/documentlock.h>

#include "app/documentlock_p.h"

#include <QtCore/qfile.h>

#include <utility>

namespace Holdfast {

Failure DocumentLockPrivate::loadContent()
{
    const DocumentLock::Change before = q->change();
    Failure unknown = content.load(path);
    if (before != q->change())
        Q_EMIT q->changeChanged();
    return unknown;
}

void DocumentLockPrivate::forgetContent()
{
    const DocumentLock::Change before = q->change();
    content.forget();
    if (before != DocumentLock::Change::None)
        Q_EMIT q->changeChanged();
}

bool DocumentLock::documentLoaded()
{
    const QPointer<DocumentLock> alive(this);
    Failure failure = d->loadContent();
    const bool isKnown = !failure.isSet();
    if (alive && (!isKnown || status() != Status::Error)) // that of an acquisition is still the reason for its status
        d->setFailure(std::move(failure));
    return isKnown;
}

void DocumentLock::documentClosed()
{
    d->forgetContent();
}

DocumentLock::Change DocumentLock::change() const
{
    switch (d->content.difference().kind) {
    case FileDifference::Written:
        return Change::Written;
    case FileDifference::Replaced:
        return Change::Replaced;
    case FileDifference::Removed:
        return Change::Removed;
    case FileDifference::Moved:
        return Change::Moved;
    case FileDifference::None:
    case FileDifference::Rewritten:
        break;
    }
    return Change::None;
}

QString DocumentLock::movedTo() const
{
    return QFile::decodeName(d->content.difference().movedTo.c_str());
}

DocumentLock::Change DocumentLock::checkDocument()
{
    const QPointer<DocumentLock> alive(this);
    Failure failure = d->content.check();
    if (!alive)
        return Change::None;
    if (failure.isSet())
        d->setFailure(std::move(failure));
    return alive ? change() : Change::None;
}

} // namespace Holdfast
