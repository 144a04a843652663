// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What a lock knows of its document.

#include <holdfast/app/documentlock.h>

#include "app/documentlock_p.h"

#include <QtCore/qfile.h>

namespace Holdfast {

bool DocumentLock::documentLoaded()
{
    const Change before = change();
    Failure failure = d->content.load(d->path);
    const bool isKnown = !failure.isSet();
    const QPointer<DocumentLock> alive(this);
    d->setFailure(std::move(failure));
    if (alive && before != change())
        Q_EMIT changeChanged();
    return isKnown;
}

void DocumentLock::documentClosed()
{
    const Change before = change();
    d->content.forget();
    if (before != Change::None)
        Q_EMIT changeChanged();
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
