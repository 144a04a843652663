// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "program.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

/** What the tests of the kinds of locks share. */

inline QStringList shell(const char *script)
{
    return {QStringLiteral("sh"), QStringLiteral("-c"), QString::fromUtf8(script)};
}

inline QStringList words(const char *line)
{
    return QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts);
}

/** `run --kind KIND OPTIONS FILE -- COMMAND` */
inline QStringList runAs(const QString &kind, const QStringList &options, const QString &file,
                         const QStringList &command)
{
    return QStringList{QStringLiteral("run"), QStringLiteral("--kind"), kind} + options
           + QStringList{file, QStringLiteral("--")} + command;
}

inline Ending statusOf(const Scene &scene, const QString &file)
{
    return scene.run(holdfastProgram(), {QStringLiteral("status"), file});
}

inline QJsonObject jsonOf(const Scene &scene, const QString &file)
{
    const Ending ending = scene.run(holdfastProgram(), {QStringLiteral("status"), QStringLiteral("--json"), file});
    QJsonObject object = QJsonDocument::fromJson(ending.out).object();
    object[u"exit"] = ending.status;
    return object;
}

inline void write(const Scene &scene, const QString &name, const QByteArray &bytes)
{
    QDir(scene.directory()).mkpath(QFileInfo(scene.path(name)).path());
    QFile file(scene.path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write a file for a test");
}

inline bool exists(const Scene &scene, const QString &name)
{
    return QFile::exists(scene.path(name));
}
