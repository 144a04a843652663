// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/ownerfiles.h"

#include "engine/ownerfilereaders.h"
#include "os/directories.h"
#include "os/process.h"
#include "records/emacslock.h"
#include "records/libreofficelock.h"
#include "records/msofficeowner.h"
#include "records/vimswap.h"

#include <optional>
#include <utility>

namespace Holdfast {

namespace {

using Format = OwnerFile::Format;

/** One look beside one document. */
class Search
{
public:
    Search(const std::string &document, OwnerFormats wanted)
        : m_wanted(wanted),
          m_folder(document.substr(0, document.rfind('/') + 1)),
          m_name(document.substr(m_folder.size()))
    {
        os::forgetNames(document);
    }

    void lookForOffice();
    void lookForEmacs();
    void lookForVim();

    QList<OwnerFile> files = {};
    Failure failure = {};

private:
    using Reader = OwnerFile (*)(const FoundOwnerFile &);

    bool find(const std::string &name, Format format, std::size_t limit, Reader reader);
    std::optional<FoundOwnerFile> lookFor(const std::string &name, Format format, std::size_t limit);
    void addUnreadable(const FoundOwnerFile &found, Format format, const os::SystemError &error);
    void note(const std::string &path, const os::SystemError &error);

    const OwnerFormats m_wanted;
    std::string m_folder;
    std::string m_name;
    os::Directory m_working = os::Directory::working();
    os::MarkerReader m_reader;
};

void Search::lookForOffice()
{
    constexpr std::size_t MostLibreOffice = records::TooManyLibreOfficeBytes;
    find(records::libreOfficeLockName(m_name), Format::LibreOffice, MostLibreOffice, readLibreOfficeFile);
    const std::string sharing = records::libreOfficeSharingName(m_name);
    if (const auto found = lookFor(sharing, Format::LibreOfficeSharing, MostLibreOffice))
        files += readSharingFile(*found);
    find(records::msOfficeOwnerName(m_name), Format::MsOffice, records::MostMsOfficeBytes, readMsOfficeFile);
}

// The text is where the link leads to; where a filesystem has no links, there is a file with it.
void Search::lookForEmacs()
{
    if ((m_wanted & bitOf(Format::Emacs)) == 0)
        return;
    const std::string path = m_folder + records::emacsLockName(m_name);
    os::Result<std::optional<std::string>> target = m_working.linkTarget(path, records::MostEmacsBytes);
    if (!target)
        return note(path, target.error());
    if (!*target)
        return;
    if ((*target)->empty()) {
        find(records::emacsLockName(m_name), Format::Emacs, records::MostEmacsBytes, readEmacsFile);
        return;
    }
    os::Result<std::optional<os::FileFacts>> facts = m_working.facts(path);
    if (!facts)
        return note(path, facts.error());
    if (*facts)
        files += readEmacsFile({path, {**facts, std::move(**target)}});
}

// Vim takes the first name that is free, so a second Vim's file has the second name, and keeps it when the first has gone. There
// are 588 names; whoever misses three in a row stops.
void Search::lookForVim()
{
    constexpr int MostMissing = 3;
    int missing = 0;
    for (std::size_t index = 0; index < records::VimSwapNames && missing < MostMissing; ++index) {
        const bool found = find(records::vimSwapName(m_name, index), Format::Vim, records::VimBlockBytes, readVimFile);
        missing = found ? 0 : missing + 1;
    }
}

// True: it is there, whatever it is.
bool Search::find(const std::string &name, Format format, std::size_t limit, Reader reader)
{
    const qsizetype before = files.size();
    if (const auto found = lookFor(name, format, limit))
        files += reader(*found);
    return files.size() > before;
}

std::optional<FoundOwnerFile> Search::lookFor(const std::string &name, Format format, std::size_t limit)
{
    if ((m_wanted & bitOf(format)) == 0)
        return std::nullopt;
    FoundOwnerFile found{m_folder + name, {}};
    os::Result<std::optional<os::MarkerContent>> content = m_reader.read(m_working, found.path, limit);
    m_reader.close();
    if (content && !*content)
        return std::nullopt;
    if (content && (*content)->facts.type == os::FileFacts::Regular) {
        found.content = std::move(**content);
        return found;
    }
    const os::SystemError error = content ? os::notAFile("open") : content.error();
    os::Result<std::optional<os::FileFacts>> facts = m_working.facts(found.path);
    if (!facts) {
        note(found.path, facts.error());
    } else if (*facts) {
        found.content.facts = **facts;
        addUnreadable(found, format, error);
    }
    return std::nullopt;
}

void Search::addUnreadable(const FoundOwnerFile &found, Format format, const os::SystemError &error)
{
    OwnerFile file = ownerFileOf(found, format);
    file.remark = QStringLiteral("it cannot be read: %1").arg(QString::fromStdString(error.words()));
    if (error.kind == os::ErrorKind::PermissionDenied)
        file.holder.userName = QString::fromStdString(os::userName(found.content.facts.owner));
    files += file;
}

void Search::note(const std::string &path, const os::SystemError &error)
{
    const bool cannotBe = error.kind == os::ErrorKind::NameTooLong; // then nobody could have made it either
    if (!cannotBe && !failure.isSet())
        failure = systemFailure(path, error);
}

} // namespace

QList<OwnerFile> ownerFilesBeside(const std::string &document, Failure *failure, OwnerFormats wanted)
{
    Search search(document, wanted);
    search.lookForOffice();
    search.lookForEmacs();
    search.lookForVim();
    *failure = std::move(search.failure);
    return std::move(search.files);
}

} // namespace Holdfast
