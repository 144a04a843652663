// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/editing.h"

#include "cli/exitcode.h"
#include "cli/inspectiontext.h"
#include "cli/output.h"

#include <QtCore/qfileinfo.h>

#include <utility>

namespace Holdfast::Cli {

Editing::Editing(const EditOptions &options, SignalWatch &signalWatch, QObject *parent)
    : QObject(parent),
      m_options(options),
      m_signalWatch(signalWatch),
      m_lock(options.document),
      m_line([this] { return m_lock.owner(); }, options.document),
      m_command(options.command, IfOrphaned::GoOn)
{
    connect(&m_lock, &DocumentLock::contended, this, [this](const LockHolder &owner) {
        if (m_options.wait.count() != 0)
            m_line.show(owner);
    });
    connect(&m_lock, &DocumentLock::previousOwnerCrashed, this, [this](const LockHolder &owner) {
        complain(QStringLiteral("warning: \"%1\" was left by %2 without an end; there may be something to recover")
                     .arg(m_options.document, whoAndWhere(owner)));
    });
    connect(&m_lock, &DocumentLock::acquired, this, &Editing::onAcquired);
    connect(&m_lock, &DocumentLock::timedOut, this, &Editing::onTimedOut);
    connect(&m_lock, &DocumentLock::cancelled, this, [this] { finish(ExitCode::BySignal + m_endingSignal); });
    connect(&m_lock, &DocumentLock::errorOccurred, this, [this](LockError error) {
        m_line.clear();
        complain(m_lock.errorString());
        finish(exitCodeFor(error));
    });
    connect(&m_lock, &DocumentLock::lost, this, &Editing::onLost);
    connect(&m_signalWatch, &SignalWatch::caught, this, &Editing::onCaught);
    connect(&m_signalWatch, &SignalWatch::childChanged, &m_command, &Command::lookWhetherItEnded);
    connect(&m_command, &Command::ended, this, &Editing::finish);
    connect(&m_command, &Command::failedToStart, this, [this](int exitCode, const QString &why) {
        complain(why);
        finish(exitCode);
    });
}

void Editing::start()
{
    const QFileInfo document(m_options.document);
    if (document.exists() && !document.isFile()) {
        complain(QStringLiteral("cannot edit \"%1\": it is not a regular file").arg(m_options.document));
        return finish(ExitCode::CannotOpen);
    }
    m_lock.setApplication(QString::fromLocal8Bit(m_options.command.first()).section(u'/', -1));
    m_lock.acquire(m_options.wait);
}

void Editing::onAcquired()
{
    m_line.clear();
    if (m_endingSignal != 0)
        return finish(ExitCode::BySignal + m_endingSignal);
    warnOfLeftovers();
    runEditor();
}

// Of other editors, which have crashed; previousOwnerCrashed() is about this library's.
void Editing::warnOfLeftovers()
{
    for (const OwnerFile &file : DocumentLock::inspect(m_options.document).files) {
        if (file.holder.liveness == Liveness::Dead)
            complain(QStringLiteral("warning: %1 has left \"%2\" without an end; there may be something to recover%3")
                         .arg(whoAndWhere(file.holder), file.file.section(u'/', -1),
                              file.unsaved ? QStringLiteral(": changes that are not in the document") : QString()));
    }
}

// As Runner::runCommand(). The editor inherits the lock, which it so has as long as it runs, should we be killed.
void Editing::runEditor()
{
    SignalPause pause;
    if (const auto caught = m_signalWatch.take())
        return finish(ExitCode::BySignal + caught->number);
    m_phase = Phase::Running;
    if (!m_command.prepare(pause, m_lock.descriptor()))
        return;
    if (const auto caught = pause.take()) {
        m_command.abandon();
        return finish(ExitCode::BySignal + caught->number);
    }
    m_command.start();
}

void Editing::onTimedOut()
{
    m_line.clear();
    const LockHolder owner = m_lock.owner();
    // One behind another is found when the first has been permitted.
    if (m_options.takesOver && owner.isValid() && std::exchange(m_formerOwner, owner) != owner)
        return m_lock.takeOver();
    QString sentence = QStringLiteral("\"%1\" is being edited by %2").arg(m_options.document, whoAndWhere(owner));
    if (owner.liveness == Liveness::Unknown && !m_options.takesOver)
        sentence +=
            QStringLiteral(", or was: that cannot be told from here. If you know that it is not, use --take-over");
    complain(sentence);
    finish(ExitCode::Held);
}

void Editing::onLost(LossReason reason)
{
    const QString why = reason == LossReason::Dropped
                            ? QStringLiteral("the server of its disk has let go of it")
                            : QStringLiteral("its file beside the document was removed or written over");
    complain(
        QStringLiteral("warning: the lock on \"%1\" is lost: %2; look whether somebody else edits it before you save")
            .arg(m_options.document, why));
}

void Editing::onCaught(CaughtSignal caught)
{
    if (m_phase == Phase::Waiting) {
        m_endingSignal = caught.number;
        m_lock.cancel();
    } else if (m_phase == Phase::Running && caught.addressee == Addressee::Us) {
        m_command.pass(caught.number);
    }
}

void Editing::finish(int exitCode)
{
    if (std::exchange(m_phase, Phase::Done) == Phase::Done)
        return;
    m_line.clear();
    if (m_lock.isHeld() && !m_lock.release())
        complain(m_lock.errorString());
    Q_EMIT finished(exitCode);
}

} // namespace Holdfast::Cli
