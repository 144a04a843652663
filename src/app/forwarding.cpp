// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/forwarding.h"

#include <algorithm>

namespace Holdfast {

namespace {

using How = ActivationReply::Outcome;
using namespace std::chrono_literals;

// Exit statuses of sysexits.h.
constexpr int SoftwareError = 70;
constexpr int TryAgainLater = 75;

// From elected to listening takes a primary less than a millisecond; one that is about to end, as long as it wants.
constexpr std::chrono::milliseconds ShortestPause = 1ms;
constexpr std::chrono::milliseconds LongestPause = 50ms;

} // namespace

ActivationReply failedReply(const InstanceFailure &failure)
{
    return {.outcome = How::Failed, .exitCode = SoftwareError, .text = failure.text};
}

ActivationReply unresponsiveReply()
{
    return {.outcome = How::Unresponsive,
            .exitCode = TryAgainLater,
            .text =
                QStringLiteral("The running instance of this program does not answer. End it, or wait until it does.")};
}

ActivationReply cancelledReply()
{
    return {.outcome = How::Cancelled,
            .exitCode = SoftwareError,
            .text = QStringLiteral("The single instance was stopped while the activation was on its way.")};
}

std::chrono::milliseconds Absence::nextPause()
{
    if (m_pause == 0ms)
        m_bound.setRemainingTime(m_timeout);
    m_pause = std::clamp(2 * m_pause, ShortestPause, LongestPause);
    return m_pause;
}

bool Absence::lastsTooLong() const
{
    return m_pause != 0ms && m_bound.hasExpired();
}

void Absence::end()
{
    m_pause = 0ms;
}

} // namespace Holdfast
