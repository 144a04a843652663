// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <chrono>
#include <optional>

namespace Holdfast::Cli {

constexpr std::chrono::seconds LongestTimeout{1'000'000'000}; ///< thirty years: what is longer is a typing error
constexpr std::chrono::milliseconds ShortestPoll{1};          ///< the library's
constexpr std::chrono::hours LongestPoll{24};
constexpr std::chrono::milliseconds ShortestLifetime{1}; ///< the library's
constexpr std::chrono::milliseconds ShortestLease{2};    ///< the library's

/** A decimal number of seconds (`5`, `.25`, `1e3`), rounded up to a millisecond; nothing when it is anything else or out
    of range. A sign, a space and other notations are refused, too. */
std::optional<std::chrono::milliseconds> parseSeconds(const QString &text, std::chrono::milliseconds least,
                                                      std::chrono::milliseconds most);

/** Why parseSeconds() gave nothing, as a clause that names the value and the option. */
QString noSeconds(const QString &text, const QString &option, std::chrono::milliseconds least,
                  std::chrono::milliseconds most);

/** 0 to 255. */
std::optional<int> parseExitCode(const QString &text);

} // namespace Holdfast::Cli
