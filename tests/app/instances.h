// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "otherprocess.h"

#include <QtCore/qtemporarydir.h>

#include <memory>

/** A private directory, and programs that meet in it. */
class Meeting
{
public:
    std::unique_ptr<OtherProcess> program(const QStringList &settings = {},
                                          const QString &key = QStringLiteral("notes")) const
    {
        return std::make_unique<OtherProcess>(QStringLiteral(HOLDFAST_INSTANCEPROCESS),
                                              QStringList{directory(), key} + settings, QStringLiteral("ready"));
    }

    /** One that is the primary and does with activations what instanceprocess.cpp calls @p how. */
    std::unique_ptr<OtherProcess> primary(const QString &how = QStringLiteral("accept"),
                                          const QStringList &settings = {}) const
    {
        auto other = program(settings);
        if (other->ask(QStringLiteral("start")) != u"primary")
            return nullptr;
        return other->ask(QStringLiteral("handle ") + how) == u"handling" ? std::move(other) : nullptr;
    }

    QString directory() const { return m_directory.path(); }
    QString path(const QString &name) const { return m_directory.filePath(name); }

private:
    QTemporaryDir m_directory;
};
