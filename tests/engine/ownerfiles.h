// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/ownerfiles.h"
#include "os/process.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>

#include <unistd.h>

namespace Holdfast::Testing {

/** The bytes of a file that LibreOffice or Vim wrote. */
inline QByteArray goldenOwnerFile(const char *name)
{
    QFile file(QStringLiteral(GOLDEN_FILES "/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/** Vim's swap file of a process on a host. */
inline QByteArray swapOf(qint64 process, const QByteArray &host, const char *golden = "vimswap")
{
    QByteArray block = goldenOwnerFile(golden);
    for (int byte = 0; byte < 4; ++byte)
        block[24 + byte] = static_cast<char>(process >> (8 * byte) & 0xFF);
    return block.replace(68, 40, host.leftJustified(40, '\0'));
}

/** Of a process that has ended. Within a container nobody can tell: the number may be of another container. */
inline Liveness ended()
{
    return os::pidNamespace() == std::optional<std::uint64_t>(0) ? Liveness::Dead : Liveness::Unknown;
}

inline QByteArray ownHost()
{
    return QByteArray::fromStdString(os::hostName());
}

/** A folder with a document, and what other programs leave beside it. */
class OwnerFilesPlace
{
public:
    explicit OwnerFilesPlace(const QString &name = QStringLiteral("document.docx")) : m_name(name)
    {
        write(name, "the text");
    }

    QString path(const QString &name) const { return m_folder.filePath(name); }
    QString document() const { return path(m_name); }

    bool write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }

    bool link(const QString &name, const QByteArray &target) const
    {
        return ::symlink(target.constData(), QFile::encodeName(path(name)).constData()) == 0;
    }

    QStringList names() const
    {
        return QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }

    QList<OwnerFile> files() const
    {
        Failure failure;
        const QList<OwnerFile> files = ownerFilesBeside(QFile::encodeName(document()).toStdString(), &failure);
        return failure.isSet() ? QList<OwnerFile>{} : files;
    }

    /** The only one; with format None when there is none, or more. */
    OwnerFile only() const
    {
        const QList<OwnerFile> found = files();
        return found.size() == 1 ? found.first() : OwnerFile();
    }

private:
    QTemporaryDir m_folder;
    QString m_name;
};

/** A program under a name of one's choice, as far as the system can tell. It only sleeps. */
class ProgramNamed
{
public:
    explicit ProgramNamed(const QString &name)
    {
        const QString program = m_folder.filePath(name);
        QFile::copy(QStringLiteral("/bin/sleep"), program);
        m_program.start(program, {QStringLiteral("60")});
        m_program.waitForStarted();
        m_process = m_program.processId();
    }
    ~ProgramNamed() { end(); }
    ProgramNamed(const ProgramNamed &) = delete;
    ProgramNamed &operator=(const ProgramNamed &) = delete;

    qint64 process() const { return m_process; }
    void end()
    {
        m_program.kill();
        m_program.waitForFinished();
    }

private:
    QTemporaryDir m_folder;
    QProcess m_program;
    qint64 m_process = 0; // also when it has ended
};

} // namespace Holdfast::Testing
