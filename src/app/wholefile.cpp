// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/wholefile.h"

#include "engine/fingerprint.h"
#include "os/fileaccess.h"

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <algorithm>

namespace Holdfast {

namespace {

constexpr qsizetype LongestName = 255; // bytes
constexpr qsizetype RoomForMarks = 12; // ".", ".XXXXXX.tmp" and a little

// Of a long name only the beginning is taken: the new one is for a moment.
QString templateFor(const QString &document)
{
    const qsizetype slash = document.lastIndexOf(u'/') + 1;
    QString name = document.sliced(slash);
    while (QFile::encodeName(name).size() > LongestName - RoomForMarks)
        name.chop(1);
    return document.first(slash) + QStringLiteral(".%1.XXXXXX.tmp").arg(name);
}

} // namespace

WholeFile::WholeFile(const QString &document) : QTemporaryFile(templateFor(document)), m_document(document) { }

void WholeFile::note(bool went)
{
    if (!went && m_firstFailure.isEmpty())
        m_firstFailure = qt_error_string(); // the system's: Qt has no words for a part that was not written
}

qint64 WholeFile::writeData(const char *bytes, qint64 size)
{
    const qint64 from = pos();
    const qint64 written = QTemporaryFile::writeData(bytes, size);
    note(written == size);
    m_extent = std::max(m_extent, from + std::max<qint64>(written, 0));
    return written;
}

bool WholeFile::seek(qint64 position)
{
    const bool went = QTemporaryFile::seek(position); // writes what is buffered
    note(went);
    return went;
}

bool WholeFile::resize(qint64 size)
{
    const bool went = QTemporaryFile::resize(size);
    note(went);
    m_extent = went ? size : m_extent;
    return went;
}

QString WholeFile::finish()
{
    Q_EMIT aboutToClose();
    note(flush());
    if (error() != NoError)
        note(false);
    takeAccess();
    if (m_firstFailure.isEmpty()) {
        const Failure failure = syncToDisk(handle(), QFile::encodeName(fileName()).toStdString());
        m_firstFailure = failure.text;
    }
    const qint64 there = size(); // of the open file: its name may lead elsewhere by now
    if (m_firstFailure.isEmpty() && there != m_extent)
        m_firstFailure = QStringLiteral("%1 of %2 bytes have reached the disk").arg(there).arg(m_extent);
    return m_firstFailure;
}

// A temporary file is for its owner alone; it stays so where nothing else can be had.
void WholeFile::takeAccess()
{
    const std::string document = QFile::encodeName(m_document).toStdString();
    if (QFileInfo::exists(m_document))
        static_cast<void>(os::copyAccess(handle(), document));
    else
        static_cast<void>(os::takeUsualAccess(handle(), QFile::encodeName(fileName().chopped(1)).toStdString()));
}

} // namespace Holdfast
