// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "otherprocess.h"

#include <QtCore/qtemporarydir.h>

#include <memory>

constexpr int Patience = 30000; // ms; only a hang takes that long

/** A process with version 4 of Python's filelock, and a lock of @p kind; see newlockprocess.py. */
inline std::unique_ptr<OtherProcess> newPython(const QString &kind, const QString &path,
                                               const QStringList &options = {})
{
    QStringList arguments{QStringLiteral(SOURCE_FOLDER "/newlockprocess.py"), QStringLiteral(FILELOCK), kind, path};
    arguments += options;
    return std::make_unique<OtherProcess>(QStringLiteral(PYTHON), arguments, QStringLiteral("ready"));
}
