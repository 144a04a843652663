// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/owner.h"

#include "engine/fork.h"
#include "os/process.h"
#include "records/markerhost.h"
#include "records/processstat.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace Holdfast {

namespace {

using os::Existence;

constexpr std::uint64_t FirstNamespace = 0;

std::optional<records::ProcessStat> statOf(std::int64_t process)
{
    return records::readProcessStat(os::processStat(process));
}

std::string tokenOf(const records::ProcessStat &stat)
{
    return records::startToken(os::bootId(), stat.startTime);
}

// The low 64 bits of a token: unsigned arithmetic drops the boot id above them by itself.
std::uint64_t startTimeIn(const std::string &token)
{
    std::uint64_t number = 0;
    for (const char digit : token)
        number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    return number;
}

bool isDead(char state)
{
    return state == 'Z' || state == 'X';
}

// A process whose first thread has ended looks like a zombie, while its other threads go on and hold what it holds.
bool hasEnded(std::int64_t process, const records::ProcessStat &stat)
{
    if (!isDead(stat.state))
        return false;
    const auto threads = os::threadStats(process);
    return !threads.empty() && std::all_of(threads.begin(), threads.end(), [](const std::string &text) {
        const auto thread = records::readProcessStat(text);
        return thread && isDead(thread->state);
    });
}

// What our namespace says about the owner's number.
Liveness amongOurs(const Owner &owner)
{
    const Existence existence = os::existenceOf(owner.process);
    if (existence != Existence::Present)
        return existence == Existence::Missing ? Liveness::Dead : Liveness::Unknown;
    const Liveness unproven = owner.startToken.empty() ? Liveness::Alive : Liveness::Unknown;
    if (!os::processTableIsOurs())
        return unproven;
    const auto stat = statOf(owner.process);
    if (!stat)
        return unproven;
    if (hasEnded(owner.process, *stat))
        return Liveness::Dead;
    return owner.startToken.empty() || tokenOf(*stat) == owner.startToken ? Liveness::Alive : Liveness::Dead;
}

// Whether @p process, which has the owner's number in a namespace of its own, is the owner. Dead: it is not.
Liveness compare(const Owner &owner, std::int64_t process)
{
    const auto stat = statOf(process);
    if (!stat)
        return os::existenceOf(process) == Existence::Missing ? Liveness::Dead : Liveness::Unknown;
    if (hasEnded(process, *stat))
        return Liveness::Dead;
    if (owner.startToken.empty())
        return Liveness::Unknown;
    if (tokenOf(*stat) == owner.startToken)
        return Liveness::Alive;
    // Some containers are given a boot id of their own (systemd-nspawn), but none a start time.
    return stat->startTime == startTimeIn(owner.startToken) ? Liveness::Unknown : Liveness::Dead;
}

Liveness compareIfNested(const Owner &owner, std::int64_t process)
{
    const std::string status = os::processStatus(process);
    if (status.empty())
        return os::existenceOf(process) == Existence::Missing ? Liveness::Dead : Liveness::Unknown;
    const auto numbers = records::namespacePids(status);
    if (!numbers || numbers->empty())
        return Liveness::Unknown;
    const bool isNested = numbers->size() > 1;
    return isNested && numbers->back() == owner.process ? compare(owner, process) : Liveness::Dead;
}

// What all namespaces below the first one say, seen from there. (Whoever knows that he is in it sees its table.)
Liveness amongNested(const Owner &owner)
{
    const auto processes = os::processes();
    if (processes.empty() || !os::processTableIsComplete())
        return Liveness::Unknown;
    Liveness found = Liveness::Dead;
    for (const std::int64_t process : processes) {
        const Liveness liveness = compareIfNested(owner, process);
        if (liveness == Liveness::Alive)
            return liveness;
        if (liveness == Liveness::Unknown)
            found = liveness;
    }
    return found;
}

std::string ownStartToken()
{
    // Peers that are here with us would look up our number in the same table; where that shows them somebody else's start,
    // they had better find no token to compare it with.
    const auto stat = os::processTableIsOurs() ? statOf(os::currentProcess()) : std::nullopt;
    return stat ? tokenOf(*stat) : std::string();
}

/** What stays the same in this process for as long as it lives. Nothing to destroy: the end of a thread may ask for it when
    other thread-local objects have gone already. */
struct Self
{
    std::int64_t process = 0;
    unsigned generation = 0;
    std::optional<std::uint64_t> pidNamespace;
    std::array<char, 64> startToken{}; ///< 58 digits at most
};
static_assert(std::is_trivially_destructible_v<Self>);

// For each thread, because a lock around it could be left locked in the child of a fork. The number alone does not tell a
// child: it may be the same in another namespace, or given again after a while. Asking costs 5 us, a sixth of a soft lock.
const Self &self()
{
    prepareForForks();
    thread_local Self known;
    const std::int64_t process = os::currentProcess();
    if (known.process != process || known.generation != forkGeneration()) {
        known = {process, forkGeneration(), os::pidNamespace(), {}};
        ownStartToken().copy(known.startToken.data(), known.startToken.size() - 1);
    }
    return known;
}

} // namespace

Owner currentOwner()
{
    const Self &own = self();
    const bool isNested = own.pidNamespace && *own.pidNamespace != FirstNamespace;
    return {own.process, os::hostName(), own.startToken.data(), // a host may get another name at any time
            isNested ? own.pidNamespace : std::nullopt};
}

std::string markerHostOf(const Owner &owner)
{
    return records::writeMarkerHost({owner.host, owner.pidNamespace});
}

Owner ownerAt(std::string_view markerHost, std::int64_t process, std::string startToken)
{
    records::MarkerHost host = records::readMarkerHost(markerHost);
    return {process, std::move(host.name), std::move(startToken), host.pidNamespace};
}

// Where the first namespace is not visible, only this note tells others of this namespace that the number in the marker can
// be looked up by them.
void noteOwnNamespace(std::intptr_t descriptor)
{
    const std::optional<std::uint64_t> own = self().pidNamespace;
    if (own && *own != FirstNamespace)
        static_cast<void>(os::noteNamespace(descriptor, *own));
}

bool isThisProcess(const Owner &owner)
{
    const Owner current = currentOwner();
    const bool comparable = !owner.startToken.empty() && !current.startToken.empty();
    const bool isElsewhere = owner.pidNamespace && owner.pidNamespace != current.pidNamespace;
    return owner.process == current.process && owner.host == current.host && !isElsewhere
           && (!comparable || owner.startToken == current.startToken);
}

Liveness livenessOf(const Owner &owner, std::optional<std::uint64_t> notedNamespace)
{
    if (owner.host != os::hostName())
        return Liveness::Unknown;
    const std::optional<std::uint64_t> ours = self().pidNamespace;
    const std::optional<std::uint64_t> theirs = owner.pidNamespace ? owner.pidNamespace : notedNamespace;
    if (!theirs || theirs == ours) {
        const Liveness liveness = amongOurs(owner);
        if (liveness != Liveness::Dead || theirs)
            return liveness;
    }
    return ours == FirstNamespace ? amongNested(owner) : Liveness::Unknown;
}

} // namespace Holdfast
