// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/instancedirectory.h"

#include "os/directories.h"
#include "os/localsocket.h"
#include "os/process.h"

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace Holdfast {

namespace {

using Access = SingleInstance::Access;
using Error = SingleInstance::Error;
using Scope = SingleInstance::Scope;

constexpr unsigned Root = 0;
constexpr unsigned OwnerOnly = 0700;
constexpr unsigned RunDirectory = 0755;
constexpr unsigned OthersAll = 0077;
constexpr unsigned OthersWrite = 0022;
constexpr unsigned Sticky = 01000;

QString text(const std::string &path)
{
    return QFile::decodeName(path.c_str());
}

constexpr char SystemDirectory[] = "/run/holdfast";

InstanceFailure failedCall(const std::string &path, const os::SystemError &error)
{
    const QString place = text(path);
    const QString advice =
        path == SystemDirectory
            ? QStringLiteral("Have root make it (mkdir -m 1777 %1), or choose another one").arg(place)
            : QStringLiteral("Choose another one");
    return {error.kind == os::ErrorKind::Unsupported ? Error::Unsupported : Error::NoDirectory,
            QStringLiteral("Cannot use the directory \"%1\" for the instances of this program (%2: %3). %4.")
                .arg(place, QString::fromLatin1(error.operation), QString::fromLocal8Bit(error.words()), advice)};
}

InstanceFailure openToOthers(const std::string &path, unsigned mode)
{
    return {Error::NotPrivate,
            QStringLiteral(
                "The directory \"%1\" has the permissions %2: others could put files in there, or take them away. "
                "Take the permissions from them (chmod go-w), or choose another directory.")
                .arg(text(path), QString::number(mode, 8))};
}

/** What may be had of a directory. */
enum class Demand { OursAlone, Trusted };

InstanceFailure check(const std::string &path, const os::FileFacts &facts, Demand demand, Access access)
{
    if (access == Access::Everyone)
        return {};
    const bool isOurs = facts.owner == os::currentUser();
    if (!isOurs && (demand == Demand::OursAlone || facts.owner != Root))
        return somebodyElses(path, facts.owner);
    const bool isOpen = demand == Demand::OursAlone ? (facts.mode & OthersAll) != 0
                                                    : (facts.mode & OthersWrite) != 0 && (facts.mode & Sticky) == 0;
    return isOpen ? openToOthers(path, facts.mode) : InstanceFailure();
}

// One that cannot be opened may be another's.
InstanceFailure cannotOpen(const std::string &path, const os::SystemError &error, Demand demand)
{
    auto facts = os::Directory::working().facts(path);
    const bool isAnothers = facts && *facts && (*facts)->owner != os::currentUser();
    return isAnothers && demand == Demand::OursAlone ? somebodyElses(path, (*facts)->owner) : failedCall(path, error);
}

// Opened first and looked at then: what was looked at is what is used.
std::variant<InstanceDirectory, InstanceFailure> makeAndOpen(const std::string &path, unsigned mode, Demand demand,
                                                             Access access)
{
    const os::Directory here = os::Directory::working();
    auto made = here.make(path, mode);
    if (!made)
        return failedCall(path, made.error());
    if (*made)
        static_cast<void>(here.setMode(path, mode)); // whatever the umask
    auto directory = os::Directory::open(path);
    if (!directory)
        return cannotOpen(path, directory.error(), demand);
    auto facts = directory->facts(".");
    if (!facts)
        return failedCall(path, facts.error());
    if (InstanceFailure failure = check(path, (*facts).value_or(os::FileFacts()), demand, access); failure.isSet())
        return failure;
    return InstanceDirectory{path, std::move(*directory)};
}

// It may be one that its owner cannot enter, for a umask that took that from him, too; or, made anew by who waited for a lock in it
// when it was removed, one that is open to others. What they have put there is refused when it is used.
void makePrivate(const std::string &path)
{
    const os::Directory here = os::Directory::working();
    static_cast<void>(here.make(path, OwnerOnly)); // or somebody else does, between this look and the next
    auto facts = here.facts(path);
    const bool isOurs =
        facts && *facts && (*facts)->type == os::FileFacts::Directory && (*facts)->owner == os::currentUser();
    if (isOurs && (*facts)->mode != OwnerOnly)
        static_cast<void>(here.setMode(path, OwnerOnly));
}

bool isOurs(const std::string &path)
{
    return makeAndOpen(path, OwnerOnly, Demand::OursAlone, Access::SameUser).index() == 0;
}

// It becomes a part of a path.
bool isApplicationId(const std::string &text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '.' || letter == '-' || letter == '_';
    });
}

// A directory that this user has for the time of his logins; empty: none. Snaps have one of their own, not always made yet; the
// runs of a Flatpak share a part of the user's.
std::string runtimeDirectory()
{
    const std::string given = qgetenv("XDG_RUNTIME_DIR").toStdString();
    const std::string flatpak = qgetenv("FLATPAK_ID").toStdString();
    std::vector<std::string> places;
    if (!given.empty() && given.front() == '/')
        places = isApplicationId(flatpak) ? std::vector{given + "/app/" + flatpak, given} : std::vector{given};
    if (const std::string usual = "/run/user/" + std::to_string(os::currentUser()); QFileInfo::exists(text(usual)))
        places.push_back(usual);
    const auto found = std::find_if(places.begin(), places.end(), isOurs);
    return found == places.end() ? std::string() : *found;
}

std::variant<InstanceDirectory, InstanceFailure> openUsual(const InstanceSettings &settings)
{
    if (settings.scope == Scope::System)
        return makeAndOpen(SystemDirectory, RunDirectory, Demand::Trusted, settings.access);
    const std::string runtime = runtimeDirectory();
    const std::string path =
        runtime.empty() ? "/tmp/holdfast-" + std::to_string(os::currentUser()) : runtime + "/holdfast";
    makePrivate(path);
    return makeAndOpen(path, OwnerOnly, Demand::OursAlone, Access::SameUser);
}

std::variant<InstanceDirectory, InstanceFailure> openChosen(const InstanceSettings &settings)
{
    auto absolute = os::absolutePath(QFile::encodeName(settings.directory).toStdString());
    if (!absolute)
        return failedCall(QFile::encodeName(settings.directory).toStdString(), absolute.error());
    if (const os::Status made = os::makeParents(*absolute); !made)
        return failedCall(*absolute, made.error());
    const QString resolved = QFileInfo(text(*absolute)).canonicalFilePath(); // a link to a directory is as good
    const std::string path = resolved.isEmpty() ? *absolute : QFile::encodeName(resolved).toStdString();
    return makeAndOpen(path, OwnerOnly, Demand::Trusted, settings.access);
}

} // namespace

std::variant<InstanceDirectory, InstanceFailure> openInstanceDirectory(const InstanceSettings &settings)
{
    return settings.directory.isEmpty() ? openUsual(settings) : openChosen(settings);
}

InstanceFailure checkInstanceFile(const InstanceDirectory &directory, const std::string &name, Access access)
{
    auto facts = directory.handle.facts(name);
    const std::string path = directory.path + '/' + name;
    if (!facts)
        return failedCall(path, facts.error());
    if (!*facts || access == Access::Everyone || (*facts)->owner == os::currentUser())
        return {};
    return somebodyElses(path, (*facts)->owner);
}

InstanceFailure somebodyElses(const std::string &path, unsigned owner)
{
    return {Error::NotPrivate,
            QStringLiteral(
                "\"%1\" belongs to the user %2, who could pretend to be this program. Ask for it to be removed, choose "
                "another directory, or, if that user is to take part, let everyone do so (access).")
                .arg(text(path), QString::fromStdString(os::userName(owner)))};
}

} // namespace Holdfast
