// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include <QtCore/qglobal.h>

QT_FORWARD_DECLARE_CLASS(QThreadPool)

namespace Holdfast {

enum class AttemptPool { Files, Servers };

/** The threads on which locks over databases make their attempts unless they are given others, so that an event loop waits
    neither for a disk nor for a server; those for files decode large activations, too. A server that hangs leaves files alone.
    Never ends; any thread. */
HOLDFAST_CORE_EXPORT QThreadPool *attemptPool(AttemptPool which);

} // namespace Holdfast
