// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

QT_FORWARD_DECLARE_CLASS(QThreadPool)

namespace Holdfast {

/** Where all items ask their disks. What is on its way there when the application object goes is waited for, but for a moment
    only: a disk may hang. */
QThreadPool *qmlThreadPool();

} // namespace Holdfast
