// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/localsocket.h"

namespace Holdfast::os {

namespace {

SystemError unsupported(const char *operation)
{
    return {ErrorKind::Unsupported, 0, operation};
}

} // namespace

Result<Peer> peerOf(std::intptr_t)
{
    return unsupported("getsockopt");
}

Result<LocalListener> LocalListener::listenAt(const SocketPlace &, unsigned)
{
    return unsupported("listen");
}

Result<Descriptor> LocalListener::accept() const
{
    return unsupported("accept");
}

void LocalListener::withdraw(const SocketPlace &) { }

Result<Descriptor> connectTo(const SocketPlace &)
{
    return unsupported("connect");
}

bool isNobodyThere(const SystemError &)
{
    return false;
}

bool isCrowded(const SystemError &)
{
    return false;
}

} // namespace Holdfast::os
