// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/fork.h"
#include "os/localsocket.h"
#include "os/uninterrupted_unix.h"

#include <cstddef>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace Holdfast::os {

namespace {

int number(const Descriptor &descriptor)
{
    return static_cast<int>(descriptor.number());
}

int number(const Directory &directory)
{
    return static_cast<int>(directory.descriptor());
}

// Has room for 108 bytes with the zero at the end (unix(7)). Longer paths go through the open directory.
std::string shortPath(const SocketPlace &place, const std::string &name)
{
    std::string plain = place.path + '/' + name;
    if (plain.size() < sizeof(sockaddr_un::sun_path))
        return plain;
    return "/proc/self/fd/" + std::to_string(place.directory.descriptor()) + '/' + name;
}

struct Address
{
    sockaddr_un bytes{};
    socklen_t size = 0; ///< 0: the name has no room in it
};

Address addressOf(const SocketPlace &place, const std::string &name)
{
    Address address;
    const std::string path = shortPath(place, name);
    if (path.size() >= sizeof address.bytes.sun_path)
        return address;
    address.bytes.sun_family = AF_UNIX;
    std::memcpy(address.bytes.sun_path, path.c_str(), path.size() + 1);
    address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
    return address;
}

const sockaddr *plain(const Address &address)
{
    return reinterpret_cast<const sockaddr *>(&address.bytes);
}

Descriptor newSocket()
{
    return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// As many as the system allows: a primary instance that is busy must not turn anybody away.
constexpr int Backlog = 4096;

} // namespace

Result<Peer> peerOf(std::intptr_t socket)
{
    ucred facts{};
    socklen_t size = sizeof facts;
    if (getsockopt(static_cast<int>(socket), SOL_SOCKET, SO_PEERCRED, &facts, &size) != 0)
        return lastError("getsockopt");
    return Peer{facts.uid, facts.pid};
}

// Q asks for the name while P takes it:
//
//   P.1 binds under another name   P.2 sets the mode   P.3 listens   P.4 renames
//
// Before P.4 Q finds the old socket, where nobody listens, or none; from P.4 on one that lets it in.
Result<LocalListener> LocalListener::listenAt(const SocketPlace &place, unsigned mode)
{
    const std::string newName = newNameOf(place);
    const Address address = addressOf(place, newName);
    if (address.size == 0)
        return errorFromCode(ENAMETOOLONG, "bind");
    const ForkPause untilItIsNoted;
    Descriptor socket = newSocket();
    if (!socket.isOpen())
        return lastError("socket");
    if (const Status removed = place.directory.remove(newName); !removed)
        return removed.error();
    if (bind(number(socket), plain(address), address.size) != 0)
        return lastError("bind");
    if (fchmodat(number(place.directory), newName.c_str(), mode, 0) != 0)
        return lastError("chmod");
    if (listen(number(socket), Backlog) != 0)
        return lastError("listen");
    auto facts = place.directory.facts(newName);
    if (!facts)
        return facts.error();
    if (renameat(number(place.directory), newName.c_str(), number(place.directory), place.name.c_str()) != 0)
        return lastError("rename");
    return LocalListener(std::move(socket), *facts ? (*facts)->identity : FileIdentity());
}

Result<Descriptor> LocalListener::accept() const
{
    const ForkPause untilItIsNoted;
    const int connection =
        uninterrupted([this] { return accept4(number(m_socket), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK); });
    const bool isNone = connection < 0 && (errno == EAGAIN || errno == ECONNABORTED);
    if (connection < 0 && !isNone)
        return lastError("accept");
    return Descriptor(connection);
}

void LocalListener::withdraw(const SocketPlace &place)
{
    auto facts = place.directory.facts(place.name);
    if (facts && *facts && (*facts)->identity == m_identity)
        static_cast<void>(place.directory.remove(place.name));
}

Result<Descriptor> connectTo(const SocketPlace &place)
{
    const Address address = addressOf(place, place.name);
    if (address.size == 0)
        return errorFromCode(ENAMETOOLONG, "connect");
    const ForkPause untilItIsNoted;
    Descriptor socket = newSocket();
    if (!socket.isOpen())
        return lastError("socket");
    if (uninterrupted([&] { return connect(number(socket), plain(address), address.size); }) != 0)
        return lastError("connect");
    return socket;
}

bool isNobodyThere(const SystemError &error)
{
    return error.code == ECONNREFUSED || error.code == ENOENT;
}

bool isCrowded(const SystemError &error)
{
    return error.code == EAGAIN;
}

} // namespace Holdfast::os
