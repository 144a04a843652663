// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/documentcontent.h"

#include "engine/attemptpool.h"
#include "engine/canonicalname.h"

#include <QtCore/qfile.h>
#include <QtCore/qpointer.h>
#include <QtCore/qpromise.h>
#include <QtCore/qthreadpool.h>

#include <memory>
#include <utility>

namespace Holdfast {

DocumentContent::DocumentContent(QObject *parent) : QObject(parent)
{
    connect(&m_watch, &DocumentWatch::stirred, this, &DocumentContent::checkInBackground);
    // Whoever hears of a change may destroy the lock.
    connect(&m_looking, &QFutureWatcherBase::finished, this, [this, self = QPointer(this)] {
        if (m_looking.future().resultCount() > 0)
            digest(m_looking.result());
        if (self && std::exchange(m_lookAgain, false))
            checkInBackground();
    });
}

Failure DocumentContent::load(const QString &path)
{
    Failure failure;
    const std::string canonical = canonicalTarget(path, &failure);
    if (!failure.isSet() && !hasQtName(canonical))
        failure = {LockError::InvalidArgument,
                   QStringLiteral("Cannot watch \"%1\": it leads to \"%2\", whose name is no text. Give that a name "
                                  "in UTF-8.")
                       .arg(path, QFile::decodeName(canonical.c_str()))};
    const auto print = failure.isSet() ? std::nullopt : Fingerprint::of(canonical, &failure);
    if (print)
        begin(canonical, *print);
    else
        forget();
    return failure;
}

void DocumentContent::adopt(const std::string &path, const Fingerprint &own)
{
    begin(path, own);
}

// Watched from now on; what happened since the fingerprint was taken, and before the watch, is found by a look.
void DocumentContent::begin(const std::string &path, const Fingerprint &print)
{
    ++m_generation;
    ++m_versions;
    m_path = path;
    m_print = print;
    m_difference = {};
    m_seen.reset();
    m_watch.watch(QFile::decodeName(path.c_str()));
    checkInBackground();
}

void DocumentContent::follow(const std::string &path)
{
    if (!m_print || path == m_path)
        return;
    ++m_generation;
    m_path = path;
    m_watch.watch(QFile::decodeName(path.c_str()));
    checkInBackground();
}

void DocumentContent::forget()
{
    ++m_generation;
    ++m_versions;
    m_print.reset();
    m_difference = {};
    m_watch.stop();
}

DocumentContent::Finding DocumentContent::look(unsigned generation, const Fingerprint &print, const std::string &path,
                                               Fingerprint::Trust trust)
{
    Finding finding{.generation = generation};
    const auto difference = print.difference(path, trust, &finding.failure);
    if (!difference)
        return finding;
    finding.difference = *difference;
    if (difference->kind != FileDifference::None)
        finding.now = Fingerprint::of(path, &finding.failure);
    if (difference->kind == FileDifference::Rewritten) {
        finding.difference = {};
        finding.isRewritten = finding.now && finding.now->hasSameBytes(print);
    }
    return finding;
}

// The disk may stall.
void DocumentContent::checkInBackground()
{
    if (!m_print)
        return;
    if (m_looking.isRunning()) {
        m_lookAgain = true;
        return;
    }
    const auto promise = std::make_shared<QPromise<Finding>>();
    promise->start();
    m_looking.setFuture(promise->future());
    attemptPool(AttemptPool::Files)->start([promise, generation = m_generation, print = *m_print, path = m_path] {
        promise->addResult(look(generation, print, path, Fingerprint::Trust::Times));
        promise->finish();
    });
}

Failure DocumentContent::check()
{
    if (!m_print)
        return {};
    const Finding finding = look(m_generation, *m_print, m_path, Fingerprint::Trust::OnlyBytes);
    digest(finding);
    return finding.failure;
}

void DocumentContent::digest(const Finding &finding)
{
    if (finding.generation != m_generation || finding.failure.isSet())
        return;
    const bool isSame = m_difference.kind == finding.difference.kind
                        && (m_difference.kind == FileDifference::None || m_seen == finding.now);
    if (finding.isRewritten) // it is the file that may be moved from now on
        m_print = finding.now;
    m_difference = finding.difference;
    m_seen = finding.now;
    if (!isSame)
        Q_EMIT changed();
}

} // namespace Holdfast
