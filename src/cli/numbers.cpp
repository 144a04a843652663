// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/numbers.h"

#include <QtCore/qbytearray.h>

#include <charconv>
#include <cmath>

namespace Holdfast::Cli {

using std::chrono::milliseconds;

namespace {

// Not strtod(): that also takes the user's decimal comma, hexadecimal, spaces, "inf" beyond the range.
template<class Number>
std::optional<Number> toNumber(const QByteArray &text)
{
    Number number{};
    const char *end = text.constData() + text.size();
    const auto [rest, error] = std::from_chars(text.constData(), end, number);
    if (error != std::errc() || rest != end)
        return std::nullopt;
    return number;
}

QString inSeconds(milliseconds duration)
{
    return QString::number(std::chrono::duration<double>(duration).count(), 'g', 15);
}

} // namespace

std::optional<milliseconds> parseSeconds(const QString &text, milliseconds least, milliseconds most)
{
    const std::optional<double> seconds = toNumber<double>(text.toUtf8());
    if (!seconds || !std::isfinite(*seconds) || std::signbit(*seconds))
        return std::nullopt;
    using Exact = std::chrono::duration<double>;
    if (*seconds < Exact(least).count() || *seconds > Exact(most).count())
        return std::nullopt;
    // By way of microseconds, so that 0.007, which is a little more in binary, stays 7 ms; the least bit of time is 1 ms.
    const std::chrono::microseconds rounded(std::llround(*seconds * 1e6));
    milliseconds duration = std::chrono::ceil<milliseconds>(rounded);
    if (*seconds > 0 && duration == milliseconds::zero())
        duration = milliseconds(1);
    return duration;
}

QString noSeconds(const QString &text, const QString &option, milliseconds least, milliseconds most)
{
    return QStringLiteral("'%1' is no number of seconds for %2: it must be from %3 to %4")
        .arg(text, option, inSeconds(least), inSeconds(most));
}

std::optional<int> parseExitCode(const QString &text)
{
    const std::optional<int> code = toNumber<int>(text.toUtf8());
    if (!code || *code < 0 || *code > 255)
        return std::nullopt;
    return code;
}

} // namespace Holdfast::Cli
