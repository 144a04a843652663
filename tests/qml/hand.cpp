// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "hand.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>

Stranger::Stranger(const QString &kind, const QString &path, QObject *parent) : QObject(parent), m_process(kind, path)
{ }

QString Hand::path(const QString &name)
{
    const QString folder = QString::number(++m_folders);
    QDir(m_directory.path()).mkdir(folder);
    return m_directory.filePath(folder + u'/' + name);
}

QObject *Hand::stranger(const QString &kind, const QString &path)
{
    return new Stranger(kind, path, this);
}

bool Hand::exists(const QString &path) const
{
    return QFile::exists(path);
}

bool Hand::remove(const QString &path) const
{
    return QFile::remove(path);
}

bool Hand::makeDirectory(const QString &path) const
{
    return QDir().mkpath(path);
}

bool Hand::link(const QString &target, const QString &path) const
{
    return QFile::link(target, path);
}
