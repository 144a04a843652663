// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/loss.h"

namespace Holdfast::Cli {

namespace {

QString inWords(LossReason reason)
{
    switch (reason) {
    case LossReason::Expired:
        return QStringLiteral("its lifetime is over");
    case LossReason::Replaced:
        return QStringLiteral("the file was removed or replaced");
    case LossReason::MarkerMissing:
        return QStringLiteral("its marker was removed");
    case LossReason::OwnerChanged:
        return QStringLiteral("its marker is somebody else's now");
    case LossReason::RefreshFailed:
        return QStringLiteral("it was not renewed in time");
    case LossReason::Dropped:
        return QStringLiteral("the system has let go of it");
    case LossReason::ConnectionLost:
        return QStringLiteral("the connection to the database has gone");
    case LossReason::None:
        break;
    }
    return QStringLiteral("nobody knows why");
}

} // namespace

QString lossSentence(const RunOptions &options, LossReason reason, const QString &words)
{
    const QString consequence = options.onLoss == OnLoss::Terminate
                                    ? QStringLiteral("the command is being terminated")
                                    : QStringLiteral("others can get it while the command goes on");
    const QString why = words.isEmpty() ? inWords(reason) : QStringLiteral("%1 (%2)").arg(inWords(reason), words);
    return QStringLiteral("warning: the lock on \"%1\" is lost: %2; %3").arg(options.file, why, consequence);
}

} // namespace Holdfast::Cli
