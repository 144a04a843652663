// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "hand.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtGui/qaccessible.h>

#include <pwd.h>
#include <sys/mount.h>
#include <unistd.h>

Hand::~Hand()
{
    for (const QByteArray &folder : m_mounted)
        ::umount2(folder.constData(), MNT_DETACH);
}

bool Hand::makeReadOnly(const QString &path)
{
    const QByteArray folder = QFile::encodeName(QFileInfo(path).absolutePath());
    if (::mount(folder.constData(), folder.constData(), nullptr, MS_BIND, nullptr) != 0)
        return false;
    m_mounted += folder;
    return ::mount(nullptr, folder.constData(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

QString Hand::path(const QString &name)
{
    const QString folder = QString::number(++m_folders);
    QDir(m_directory.path()).mkdir(folder);
    return m_directory.filePath(folder + u'/' + name);
}

QObject *Hand::stranger(const QString &kind, const QString &path)
{
    return new Stranger(this, kind, path);
}

QObject *Hand::editor(const QString &document)
{
    return new Stranger(this, QStringLiteral(HOLDFAST_DOCUMENTPROCESS), QStringList{document}, QStringLiteral("ready"));
}

QObject *Hand::program(const QString &directory, const QString &key)
{
    return new Stranger(this, QStringLiteral(HOLDFAST_INSTANCEPROCESS), QStringList{directory, key},
                        QStringLiteral("ready"));
}

QString Hand::directory()
{
    const QString made = QFileInfo(path(QString())).absolutePath();
    QFile::setPermissions(made, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return made;
}

bool Hand::write(const QString &path, const QString &text) const
{
    QFile file(path);
    return file.open(QFile::WriteOnly) && file.write(text.toUtf8()) >= 0;
}

Holdfast::LockHolder Hand::owner(const QVariantMap &facts) const
{
    const auto fact = [&facts](const char *name) { return facts.value(QString::fromLatin1(name)); };
    return {.processId = fact("processId").toLongLong(),
            .hostName = fact("hostName").toString(),
            .userName = fact("userName").toString(),
            .application = fact("application").toString(),
            .since = fact("since").toDateTime(),
            .liveness = static_cast<Holdfast::Liveness>(fact("liveness").toInt())};
}

QString Hand::picture(const QString &name) const
{
    QDir().mkpath(QStringLiteral("pictures"));
    return QDir(QStringLiteral("pictures")).absoluteFilePath(name + QStringLiteral(".png"));
}

void Hand::setAssisted(bool assisted) const
{
    QAccessible::setActive(assisted);
}

QString Hand::userName() const
{
    return QString::fromLocal8Bit(getpwuid(geteuid())->pw_name);
}

QString Hand::read(const QString &path) const
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? QString::fromUtf8(file.readAll()) : QStringLiteral("cannot be read");
}

int Hand::permissions(const QString &path) const
{
    const int bits = QFile::permissions(path).toInt();
    return (bits >> 12 & 7) << 6 | (bits >> 4 & 7) << 3 | (bits & 7);
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
