// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgresfencing.h"

#include "engine/logging.h"

namespace Holdfast {

namespace {

// In a schema that all have, or programs whose roles look into different ones would draw from different sequences.
const auto Look = QStringLiteral("CASE WHEN to_regclass('public.holdfast_fencing') IS NULL THEN 'missing'"
                                 " WHEN has_sequence_privilege('public.holdfast_fencing', 'USAGE') THEN 'usable'"
                                 " ELSE 'denied' END");
const auto Create = QStringLiteral("CREATE SEQUENCE IF NOT EXISTS public.holdfast_fencing;"
                                   " GRANT USAGE ON SEQUENCE public.holdfast_fencing TO PUBLIC;");

} // namespace

bool prepareFencing(PostgresConnection &connection)
{
    QString state = connection.ask(Look).text;
    if (state == QLatin1String("missing")) {
        connection.change(Create); // two may do so at once, or it may be forbidden: only the result counts
        state = connection.ask(Look).text;
    }
    if (state == QLatin1String("usable") || !connection.isUsable())
        return true;
    warnOfFencing(connection.address(), state == QLatin1String("denied")
                                            ? QStringLiteral("the role may not use the sequence")
                                            : QStringLiteral("the role may not create the sequence"));
    return false;
}

QString nextTokenExpression()
{
    return QStringLiteral("nextval('public.holdfast_fencing')");
}

void warnOfFencing(const ServerAddress &address, const QString &reason)
{
    qCWarning(lcHoldfast).noquote() << QStringLiteral("Locks on %1 have no fencing tokens, for %2. An administrator "
                                                      "can run there: %3")
                                           .arg(address.text(), reason, Create);
}

} // namespace Holdfast
