// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace Bench {

using Nanoseconds = double;

/** CLOCK_MONOTONIC, which all processes of a machine share: the moment of one compares with that of another. */
std::int64_t now();
void sleepFor(std::int64_t nanoseconds);

constexpr std::int64_t Millisecond = 1'000'000;
constexpr std::int64_t Second = 1'000'000'000;

double median(std::vector<double> values);
double quantile(std::vector<double> values, double q);

/** Jain's index: 1 when all shares are equal, 1/n when one has everything. */
double fairness(const std::vector<double> &shares);

} // namespace Bench
