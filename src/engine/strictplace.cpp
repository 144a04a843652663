// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/strictplace.h"

#include "engine/strictfailure.h"
#include "os/directories.h"

#include <utility>

namespace Holdfast {

namespace {

constexpr const char *CoordinationSuffix = ".filelock";
constexpr const char *ClaimsName = "claims";
constexpr unsigned DirectoryMode = 0777;

bool isRealDirectory(const std::optional<os::FileFacts> &facts)
{
    return facts && facts->type == os::FileFacts::Directory;
}

} // namespace

Failure StrictPlace::open(const std::string &path, Missing missing)
{
    if (isOpen() && isStillThere())
        return {};
    if (m_path.empty()) {
        if (Failure failure = resolve(path); failure.isSet())
            return failure;
    }
    m_claims = os::Directory::working();
    m_parent = os::Directory::working();
    if (Failure failure = openParent(missing); failure.isSet() || m_parent.descriptor() < 0)
        return failure;
    os::Directory coordination = os::Directory::working();
    const std::string coordinationPath = m_path + CoordinationSuffix;
    Failure failure = enter(m_parent, m_fileName + CoordinationSuffix, coordinationPath, missing, coordination);
    if (failure.isSet() || coordination.descriptor() < 0)
        return failure;
    return enter(coordination, ClaimsName, coordinationPath + "/" + ClaimsName, missing, m_claims);
}

Failure StrictPlace::resolve(const std::string &path)
{
    os::Result<std::string> canonical = os::canonicalPath(path);
    if (!canonical)
        return systemFailure(path, canonical.error());
    std::string name = canonical->substr(canonical->rfind('/') + 1);
    if (name.empty() || name == "." || name == "..")
        return systemFailure(path, os::notAFile("open"));
    m_path = std::move(*canonical);
    m_fileName = std::move(name);
    return {};
}

Failure StrictPlace::openParent(Missing missing)
{
    const std::string parent = m_path.substr(0, m_path.size() - m_fileName.size());
    os::Result<os::Directory> opened = os::Directory::open(parent);
    if (!opened && opened.error().kind == os::ErrorKind::NotFound) {
        if (missing == Missing::Accept)
            return {};
        if (os::Status made = os::makeParents(m_path); !made)
            return systemFailure(m_path, made.error());
        opened = os::Directory::open(parent);
    }
    if (!opened)
        return systemFailure(m_path, opened.error());
    m_parent = std::move(*opened);
    return {};
}

// By looking, opening and looking at what was opened: it has to be a directory of its own, no symbolic link to one.
Failure StrictPlace::enter(const os::Directory &above, const std::string &name, const std::string &path,
                           Missing missing, os::Directory &entered)
{
    os::Result<std::optional<os::FileFacts>> facts = above.facts(name);
    if (facts && !*facts) {
        if (missing == Missing::Accept)
            return {};
        if (os::Result<bool> made = above.make(name, DirectoryMode); !made)
            return systemFailure(m_path, made.error());
        facts = above.facts(name);
    }
    if (!facts)
        return systemFailure(m_path, facts.error());
    if (!isRealDirectory(*facts))
        return strictDamage(m_path, path, QStringLiteral("it is no directory"));
    os::Result<os::Directory> opened = os::Directory::open(path);
    if (!opened)
        return systemFailure(m_path, opened.error());
    os::Result<std::optional<os::FileFacts>> inside = opened->facts(".");
    if (!inside)
        return systemFailure(m_path, inside.error());
    if (!*inside || (*inside)->identity != (*facts)->identity)
        return strictDamage(m_path, path, QStringLiteral("it was replaced while it was opened"));
    entered = std::move(*opened);
    return {};
}

bool StrictPlace::isStillThere() const
{
    const std::string path = m_path + CoordinationSuffix + "/" + ClaimsName;
    os::Result<std::optional<os::FileFacts>> named = os::Directory::working().facts(path);
    os::Result<std::optional<os::FileFacts>> ours = m_claims.facts(".");
    return named && ours && isRealDirectory(*named) && *ours && (*named)->identity == (*ours)->identity;
}

void StrictPlace::close()
{
    m_claims = os::Directory::working();
    m_parent = os::Directory::working();
    m_path.clear();
    m_fileName.clear();
}

void StrictPlace::abandon()
{
    m_claims.abandon();
    m_parent.abandon();
}

} // namespace Holdfast
