// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgreskeys.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qendian.h>

namespace Holdfast {

qint64 PostgresKeys::of(const QString &name)
{
    const QByteArray hash = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha256);
    return qFromBigEndian<qint64>(hash.constData());
}

} // namespace Holdfast
