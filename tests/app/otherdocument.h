// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "otherprocess.h"

/** Another editor, a real process, for the document @p path. */
class OtherEditor : public OtherProcess
{
public:
    explicit OtherEditor(const QString &path)
        : OtherProcess(QStringLiteral(HOLDFAST_DOCUMENTPROCESS), {path}, QStringLiteral("ready"))
    { }

    /** The same, started in another way: by @p program. */
    OtherEditor(const QString &program, const QStringList &arguments)
        : OtherProcess(program, arguments, QStringLiteral("ready"))
    { }
};

/** `.~lock.NAME#` beside @p document. */
inline QString sidecarOf(const QString &document)
{
    const auto slash = document.lastIndexOf(u'/') + 1;
    return document.first(slash) + QStringLiteral(".~lock.%1#").arg(document.sliced(slash));
}
