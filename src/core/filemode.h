// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qfiledevice.h>

namespace Holdfast {

/** QFileDevice's bits as the system's mode bits. */
unsigned toMode(QFileDevice::Permissions permissions);

} // namespace Holdfast
