// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgresstatements.h"

#include "sql/postgresconnection.h"

namespace Holdfast {

namespace {

// Quoted: -9223372036854775808 is no number of this type, but the negative of one that is too large for it.
QString literal(qint64 number)
{
    return QStringLiteral("'%1'::bigint").arg(number);
}

QString call(const char *function, const QString &key)
{
    return QStringLiteral("%1(%2)").arg(QString::fromLatin1(function), key);
}

const auto True = QStringLiteral("'true'");

QString bellOf(const PostgresTerms &keys, const PostgresPossessions &has)
{
    return has.bell ? True : call("pg_try_advisory_lock_shared", keys.bell);
}

QString gateOf(const PostgresTerms &keys, const PostgresPossessions &has)
{
    return has.gate ? True : call("pg_try_advisory_lock", keys.gate);
}

// Those who wait in other sessions hold the bell. A NOTIFY costs a commit, whose way to the disk nobody needs to wait for.
QString ringing(const PostgresTerms &keys)
{
    return QStringLiteral("CASE WHEN %1 THEN %2::text ELSE set_config('synchronous_commit', 'off', true)"
                          " || pg_notify('%3', %4::text)::text END")
        .arg(call("pg_try_advisory_lock", keys.bell), call("pg_advisory_unlock", keys.bell),
             PostgresConnection::channel(), keys.lock);
}

} // namespace

const PostgresTerms &PostgresTerms::parameters()
{
    static const PostgresTerms all{QStringLiteral("$1"), QStringLiteral("$2"), QStringLiteral("$3")};
    return all;
}

PostgresTerms PostgresTerms::of(const PostgresKeys &keys)
{
    return {literal(keys.lock), literal(keys.gate), literal(keys.bell)};
}

// Answers: "got GIVEN-BACK TOKEN" or "busy GIVEN-BACK BELL GATE", each but the token true or false.
std::optional<PostgresAnswer> PostgresAnswer::from(const QString &text)
{
    const QStringList words = text.split(u' ');
    const auto isTrue = [&words](int i) { return words.value(i) == QLatin1String("true"); };
    if (words.value(0) == QLatin1String("got"))
        return PostgresAnswer{.isAcquired = true, .isOrderly = isTrue(1), .fencingToken = words.value(2).toLongLong()};
    if (words.value(0) == QLatin1String("busy"))
        return PostgresAnswer{.isOrderly = isTrue(1), .hasGate = isTrue(3), .hasBell = isTrue(2)};
    return std::nullopt;
}

QString readExpression(const PostgresTerms &keys, const PostgresPossessions &has)
{
    const QString gateBack = call("pg_advisory_unlock_shared", keys.gate);
    const QString bell = bellOf(keys, has);
    QString inside = QStringLiteral("'got ' || %1").arg(gateBack);
    if (!has.lock)
        inside = QStringLiteral("CASE WHEN %1 THEN %2 ELSE 'busy ' || %3 || ' ' || %4 END")
                     .arg(call("pg_try_advisory_lock_shared", keys.lock), inside, gateBack, bell);
    return QStringLiteral("CASE WHEN %1 THEN %2 ELSE 'busy true ' || %3 END")
        .arg(call("pg_try_advisory_lock_shared", keys.gate), inside, bell);
}

QString writeExpression(const PostgresTerms &keys, const PostgresPossessions &has, bool keepsGate, const QString &token)
{
    const QString gateBack = has.gate && !keepsGate ? call("pg_advisory_unlock", keys.gate) : True;
    return QStringLiteral("CASE WHEN %1 THEN 'got ' || %2 || ' ' || %3 ELSE %4 END")
        .arg(call("pg_try_advisory_lock", keys.lock), gateBack, token, queueExpression(keys, has));
}

QString queueExpression(const PostgresTerms &keys, const PostgresPossessions &has)
{
    return QStringLiteral("'busy true ' || %1 || ' ' || %2").arg(bellOf(keys, has), gateOf(keys, has));
}

QString releaseExpression(const PostgresTerms &keys, bool isWriter)
{
    return QStringLiteral("%1 || ' ' || %2")
        .arg(call(isWriter ? "pg_advisory_unlock" : "pg_advisory_unlock_shared", keys.lock), ringing(keys));
}

QString openGateExpression(const PostgresTerms &keys)
{
    return QStringLiteral("%1 || ' ' || %2").arg(call("pg_advisory_unlock", keys.gate), ringing(keys));
}

QString takeBellDownExpression(const PostgresTerms &keys)
{
    return QStringLiteral("%1 || ''").arg(call("pg_advisory_unlock_shared", keys.bell));
}

QString canReadExpression(const PostgresKeys &numbers, bool hasLock)
{
    const PostgresTerms keys = PostgresTerms::of(numbers);
    const QString gateBack = call("pg_advisory_unlock_shared", keys.gate);
    QString inside = QStringLiteral("'%1 ' || %2").arg(QString::number(numbers.lock), gateBack);
    if (!hasLock) {
        const QString lock = call("pg_try_advisory_lock_shared", keys.lock);
        const QString lockBack = call("pg_advisory_unlock_shared", keys.lock);
        inside = QStringLiteral("CASE WHEN %1 THEN '%2 ' || (%3 AND %4) ELSE left(%3::text, 0) END")
                     .arg(lock, QString::number(numbers.lock), gateBack, lockBack);
    }
    return QStringLiteral("CASE WHEN %1 THEN %2 END").arg(call("pg_try_advisory_lock_shared", keys.gate), inside);
}

QString canWriteExpression(const PostgresKeys &numbers)
{
    const PostgresTerms keys = PostgresTerms::of(numbers);
    return QStringLiteral("CASE WHEN %1 THEN '%2 ' || %3 END")
        .arg(call("pg_try_advisory_lock", keys.lock), QString::number(numbers.lock),
             call("pg_advisory_unlock", keys.lock));
}

QString undoExpression(const PostgresKeys &numbers, LockMode mode, const PostgresPossessions &has)
{
    const PostgresTerms keys = PostgresTerms::of(numbers);
    const bool isWriter = mode == LockMode::Exclusive;
    QString undo = QStringLiteral("''");
    if (!has.lock)
        undo += QStringLiteral(" || ") + call(isWriter ? "pg_advisory_unlock" : "pg_advisory_unlock_shared", keys.lock);
    if (!isWriter)
        undo += QStringLiteral(" || ") + call("pg_advisory_unlock_shared", keys.gate);
    else if (!has.gate)
        undo += QStringLiteral(" || ") + call("pg_advisory_unlock", keys.gate);
    if (!has.bell)
        undo += QStringLiteral(" || ") + call("pg_advisory_unlock_shared", keys.bell);
    return undo;
}

} // namespace Holdfast
