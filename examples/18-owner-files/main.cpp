// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Who has a document open in another program: LibreOffice, Microsoft Office, Emacs and Vim leave a file beside it.

#include <holdfast/app/ownerfiles.h>

#include <QDebug>
#include <QFile>

using Holdfast::OwnerFile;

static bool write(const QString &name, const QByteArray &bytes)
{
    QFile file(name);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

int main()
{
    // What LibreOffice writes when Ann opens the document on her machine.
    if (!write("report.odt", "the text")
        || !write(".~lock.report.odt#", "Ann Lee,ann,desk7,14.03.2026 09:41,file:///a;"))
        return 1;

    const Holdfast::OwnerFileList owners = Holdfast::ownerFiles("report.odt");
    for (const OwnerFile &file : owners.files)
        qInfo().noquote() << file.holder.toString() << "on" << file.holder.hostName << "since"
                          << file.holder.since.toString(Qt::ISODate);
    const OwnerFile ann = owners.inTheWay();
    if (ann.isInTheWay())
        qInfo().noquote() << "Whether she still edits it is" << ann.holder.liveness;

    QFile::remove(".~lock.report.odt#");
    const bool free = Holdfast::ownerFiles("report.odt").files.isEmpty();
    qInfo() << "After she has closed it, nobody is in the way:" << free;
    return ann.format == OwnerFile::Format::LibreOffice && free ? 0 : 1;
}
