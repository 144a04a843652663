// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/descriptor.h"
#include "os/directory.h"
#include "os/result.h"

#include <cstdint>
#include <string>

namespace Holdfast::os {

/** Who is at the other end of a local socket: as the kernel noted when it connected, or began to listen. */
struct Peer
{
    unsigned user = 0;
    std::int64_t process = 0; ///< as this process counts them; 0: cannot be seen from here
};

Result<Peer> peerOf(std::intptr_t socket);

/** A place in the file system that a socket can have: an open directory, and a name in it. */
struct SocketPlace
{
    const Directory &directory;
    std::string path; ///< of the directory
    std::string name;
};

/**
 * A socket that is bound to a name and waits for connections. The name is gone with it, unless somebody else has put another
 * socket there.
 */
class LocalListener
{
public:
    /**
     * Listens, with @p mode for the name, and takes the place of whatever socket had the name: the caller knows that nobody
     * needs it. Nobody can connect before the name has its mode. Paths may be longer than a socket's address can be, where
     * the system has `/proc`.
     */
    static Result<LocalListener> listenAt(const SocketPlace &place, unsigned mode);

    /** Under which name a socket lies until it listens. Always the same, so that what a crash has left is found again. */
    static std::string newNameOf(const SocketPlace &place) { return place.name + ".new"; }

    std::intptr_t descriptor() const { return m_socket.number(); }

    /** The next connection; a descriptor that is not open: there is none now. */
    Result<Descriptor> accept() const;

    /** Takes the name away if it is still this socket's. */
    void withdraw(const SocketPlace &place);

private:
    LocalListener(Descriptor socket, const FileIdentity &identity) : m_socket(std::move(socket)), m_identity(identity)
    { }

    Descriptor m_socket;
    FileIdentity m_identity; ///< of the name
};

/** A connection to who listens there; at once, or not at all. */
Result<Descriptor> connectTo(const SocketPlace &place);

/** Whether @p error, of connectTo(), says that nobody listens there: no such name, or one that has been left behind. */
bool isNobodyThere(const SystemError &error);

/** Whether it says that so many wait there already that there is no room for one more. */
bool isCrowded(const SystemError &error);

} // namespace Holdfast::os
