// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "app/instanceclient.h"

#include <QtCore/qdeadlinetimer.h>

#include <chrono>
#include <utility>

namespace Holdfast {

/** What a reply tells of a failure. */
ActivationReply failedReply(const InstanceFailure &failure);
ActivationReply unresponsiveReply();
ActivationReply cancelledReply();

/** How long to wait before the next try, while there is no primary, or none that listens. */
class Absence
{
public:
    explicit Absence(std::chrono::milliseconds timeout) : m_timeout(timeout) { }

    std::chrono::milliseconds nextPause(); ///< longer each time
    bool lastsTooLong() const;
    void end(); ///< somebody was there

    bool isToBeTold() { return !std::exchange(m_isTold, true); } ///< that it lasts too long: once

private:
    const std::chrono::milliseconds m_timeout;
    std::chrono::milliseconds m_pause{0}; ///< 0: it has not begun
    QDeadlineTimer m_bound;
    bool m_isTold = false;
};

} // namespace Holdfast
