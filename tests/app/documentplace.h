// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "otherdocument.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qsysinfo.h>
#include <QtCore/qtemporarydir.h>

#include <unistd.h>

/** A folder with a document in it. */
class DocumentPlace
{
public:
    DocumentPlace() { write(document(), "Dear Anna"); }

    QString path(const QString &name) const { return m_folder.filePath(name); }
    QString document() const { return path(QStringLiteral("letter.txt")); }
    QString sidecar() const { return sidecarOf(document()); }

    static bool write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(missing)");
    }
    bool link(const QByteArray &target, const QString &name) const
    {
        return ::symlink(target.constData(), QFile::encodeName(path(name)).constData()) == 0;
    }
    QStringList names() const
    {
        return QDir(m_folder.path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
    }

private:
    QTemporaryDir m_folder;
};

/** What LibreOffice writes for a user on a machine. */
inline QByteArray libreOfficeOf(const QByteArray &user, const QByteArray &host)
{
    return "Ann Lee," + user + ',' + host + ",14.03.2026 09:41,file:///home/ann/.config/libreoffice/4;";
}
