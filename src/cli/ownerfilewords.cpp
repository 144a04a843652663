// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/ownerfilewords.h"

#include "cli/inspectionjson.h"
#include "cli/inspectiontext.h"
#include "cli/output.h"

#include <QtCore/qjsonobject.h>

namespace Holdfast::Cli {

namespace {

using Format = OwnerFile::Format;

QString formatWord(Format format)
{
    switch (format) {
    case Format::LibreOffice:
        return QStringLiteral("libreoffice");
    case Format::LibreOfficeSharing:
        return QStringLiteral("libreoffice-sharing");
    case Format::MsOffice:
        return QStringLiteral("ms-office");
    case Format::Emacs:
        return QStringLiteral("emacs");
    case Format::Vim:
        return QStringLiteral("vim");
    case Format::None:
        break;
    }
    return QStringLiteral("none");
}

QString nameOf(const OwnerFile &file)
{
    return file.file.section(u'/', -1);
}

QString lineOf(const OwnerFile &file)
{
    QStringList parts{holderClauses(file.holder)};
    if (file.unsaved)
        parts += QStringLiteral("with changes that are not saved");
    if (!file.remark.isEmpty())
        parts += file.remark;
    return printable(QStringLiteral("  owner file %1: %2").arg(nameOf(file), parts.join(QStringLiteral(", ")))) + u'\n';
}

} // namespace

QString ownerFilesText(const OwnerFileList &list)
{
    QString text;
    for (const OwnerFile &file : list.files)
        text += lineOf(file);
    if (isBlocked(list))
        text += QStringLiteral("  note: ") + printable(list.errorString) + u'\n';
    else if (list.error != LockError::None)
        text += printable(QStringLiteral("  note: there may be owner files of other programs: ") + list.errorString)
                + u'\n';
    return text;
}

QJsonArray ownerFilesJson(const OwnerFileList &list)
{
    QJsonArray files;
    for (const OwnerFile &file : list.files) {
        QJsonObject object = holderObject(file.holder);
        object[u"full_name"] = textOrNull(file.holder.fullName);
        object[u"format"] = formatWord(file.format);
        object[u"name"] = nameOf(file);
        object[u"mode"] = modeWord(file.holder.mode);
        object[u"liveness"] = livenessWord(file.holder.liveness);
        object[u"since"] = timeOrNull(file.holder.since);
        object[u"written"] = timeOrNull(file.written);
        object[u"unsaved"] = file.unsaved;
        object[u"remark"] = textOrNull(file.remark);
        files += object;
    }
    return files;
}

} // namespace Holdfast::Cli
