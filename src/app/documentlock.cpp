// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/documentlock.h>

namespace Holdfast {

DocumentLock::DocumentLock(QObject *parent) : QObject(parent) { }

DocumentLock::~DocumentLock() = default;

} // namespace Holdfast
