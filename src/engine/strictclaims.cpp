// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/strictclaims.h"

#include "engine/logging.h"
#include "engine/markerholder.h"
#include "engine/ownclaims.h"
#include "engine/strictfailure.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

namespace {

Failure refuseName(const QString &name)
{
    const bool isName = !name.isEmpty() && !name.startsWith(u'.') && !name.contains(u'/') && !name.contains(u'\\')
                        && !name.contains(QChar::Null);
    if (isName)
        return {};
    QString visible = name;
    visible.replace(QChar::Null, QStringLiteral("\\0"));
    return {LockError::InvalidArgument,
            QStringLiteral("\"%1\" is not the name of a claim: claims() tells the names that there are.").arg(visible)};
}

// Whom the sentinel names, to those who take it for a soft marker.
QString sentinelHost()
{
    const auto owner = ownerIn(records::StrictSentinel);
    return owner ? QString::fromStdString(owner->host) : QString();
}

} // namespace

ClaimList strictClaims(const std::string &path)
{
    StrictPlace place;
    ClaimList list;
    list.failure = place.open(path, StrictPlace::Missing::Accept);
    if (list.failure.isSet() || !place.isOpen())
        return list;
    ClaimScan scan(ClaimScan::Purpose::Report);
    Claims claims = scan.scan(place, nullptr);
    return {std::move(claims.readable), std::move(claims.damage)};
}

LockHolder ownerOf(const Claim &claim)
{
    const Owner owner = ownerAt(claim.record.host, claim.record.process, claim.record.startToken);
    LockHolder holder = holderFrom(owner, livenessOf(owner, claim.notedNamespace), claim.facts);
    holder.token = QString::fromStdString(claim.record.token);
    return holder;
}

Failure breakClaim(const std::string &path, const QString &name)
{
    if (Failure refusal = refuseName(name); refusal.isSet())
        return refusal;
    StrictPlace place;
    if (Failure failure = place.open(path, StrictPlace::Missing::Accept); failure.isSet())
        return failure;
    const std::string encoded = QFile::encodeName(name).toStdString();
    os::Result<std::vector<std::string>> names = std::vector<std::string>();
    if (place.isOpen())
        names = place.claims().list(); // a filesystem may find a name that is spelled in another case
    if (!names)
        return systemFailure(path, names.error());
    if (std::find(names->begin(), names->end(), encoded) == names->end())
        return {LockError::NotFound,
                QStringLiteral("The strict lock \"%1\" has no claim \"%2\"; perhaps it was removed just now.")
                    .arg(QFile::decodeName(path.c_str()), name)};
    if (os::Status removed = place.claims().remove(encoded); !removed)
        return systemFailure(place.path() + ".filelock/claims/" + encoded, removed.error());
    qCWarning(lcHoldfast).noquote() << "removed a claim by force:" << QFile::decodeName(path.c_str()) << name;
    return {};
}

LockHolder strictHolder(const std::string &path)
{
    const ClaimList list = strictClaims(path);
    if (!list.claims.empty())
        return ownerOf(list.claims.front());
    const LockHolder soft = markerHolder(path);
    return soft.hostName == sentinelHost() ? LockHolder() : soft;
}

} // namespace Holdfast
