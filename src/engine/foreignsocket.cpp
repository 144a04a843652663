// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/foreignsocket.h"

namespace Holdfast {

ForeignSocket::ForeignSocket() = default;

ForeignSocket::~ForeignSocket()
{
    forget();
}

void ForeignSocket::abandon()
{
    m_descriptor.abandon();
}

} // namespace Holdfast
