// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/descriptor.h"

namespace Holdfast::os {

void Descriptor::close() { }

void Descriptor::abandon() { }

} // namespace Holdfast::os
