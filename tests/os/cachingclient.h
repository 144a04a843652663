// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystems.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace Holdfast::Testing {

/**
 * Lets the library see files as a client of NFS does (nfs(5), "close-to-open"): what is known of one, its facts and its bytes, is
 * remembered, and its server is asked again only when it is opened; where a name leads, or that it is missing,
 * until it changes something itself or asks for the directory. What the test itself does with the files, another machine
 * does. One at a time, one thread.
 */
class CachingClient
{
public:
    /** Ticks: as NFS 3, which takes a directory for unchanged while its time is the same. All happens in one tick of that. */
    enum Changes { Counted, Ticks };

    explicit CachingClient(Changes changes = Counted) : m_changes(changes), m_faked(Nfs), m_before(os::systemCalls())
    {
        s_current = this;
        os::systemCalls().openat = [](int directory, const char *name, int flags, mode_t mode) {
            return s_current->open(directory, name, flags, mode);
        };
        os::systemCalls().statxat = [](int directory, const char *name, int flags, unsigned wanted,
                                       struct statx *facts) {
            if ((flags & AT_STATX_FORCE_SYNC) != 0 && s_current->m_changes == Counted) {
                s_current->m_missing.clear();
                s_current->m_found.clear();
            }
            return s_current->m_before.statxat(directory, name, flags, wanted, facts);
        };
        os::systemCalls().readlinkat = [](int directory, const char *name, char *target, size_t size) {
            return s_current->unlessMissing(
                directory, name, [&] { return s_current->m_before.readlinkat(directory, name, target, size); });
        };
        os::systemCalls().fstat = [](int descriptor, struct stat *facts) {
            const int answer = s_current->m_before.fstat(descriptor, facts);
            return answer == 0 ? (s_current->recall(*facts), answer) : answer;
        };
        os::systemCalls().fstatat = [](int directory, const char *name, struct stat *facts, int flags) {
            return s_current->look(directory, name, facts, flags);
        };
        os::systemCalls().unlinkat = [](int directory, const char *name, int flags) {
            s_current->m_found.clear();
            return s_current->m_before.unlinkat(directory, name, flags);
        };
        os::systemCalls().renameNew = [](int directory, const char *from, int toDirectory, const char *to) {
            s_current->m_found.clear();
            return s_current->m_before.renameNew(directory, from, toDirectory, to);
        };
        os::systemCalls().write = [](int descriptor, const void *bytes, size_t size) {
            const ssize_t answer = s_current->m_before.write(descriptor, bytes, size);
            s_current->ask(descriptor); // what it does itself it knows
            return answer;
        };
        os::systemCalls().pread = [](int descriptor, void *bytes, size_t size, off_t from) {
            return s_current->read(descriptor, static_cast<char *>(bytes), size, static_cast<size_t>(from));
        };
    }
    ~CachingClient()
    {
        os::systemCalls() = m_before;
        for (const auto &[inode, known] : m_known)
            ::close(known.descriptor);
    }
    CachingClient(const CachingClient &) = delete;
    CachingClient &operator=(const CachingClient &) = delete;

    /** The time for which it believes what it knows is over, and it has asked for all of them again. */
    void refresh()
    {
        for (auto &[inode, known] : m_known)
            known.ask();
        m_found.clear();
    }

private:
    struct Known
    {
        // Kept open, so that no other file gets its inode.
        explicit Known(int opened)
            : descriptor(::open(("/proc/self/fd/" + std::to_string(opened)).c_str(), O_RDONLY | O_CLOEXEC))
        {
            ask();
        }
        void ask()
        {
            ::fstat(descriptor, &facts);
            bytes.resize(4096);
            bytes.resize(static_cast<size_t>(std::max<ssize_t>(0, ::pread(descriptor, bytes.data(), bytes.size(), 0))));
        }
        const int descriptor;
        struct stat facts = {};
        std::string bytes;
    };

    static std::string pathOf(int directory, const char *name)
    {
        if (directory == AT_FDCWD || *name == '/')
            return name;
        return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(directory)) / name;
    }
    template<class Call>
    auto unlessMissing(int directory, const char *name, const Call &call) -> decltype(call())
    {
        const std::string path = pathOf(directory, name);
        if (m_missing.contains(path)) {
            errno = ENOENT;
            return -1;
        }
        const auto answer = call();
        if (answer < 0 && errno == ENOENT)
            m_missing.insert(path);
        return answer;
    }
    int look(int directory, const char *name, struct stat *facts, int flags)
    {
        const std::string path = pathOf(directory, name);
        if (const auto found = m_found.find(path); found != m_found.end()) {
            *facts = found->second;
            recall(*facts);
            return 0;
        }
        const int answer =
            unlessMissing(directory, name, [&] { return m_before.fstatat(directory, name, facts, flags); });
        if (answer == 0)
            m_found.emplace(path, *facts);
        if (answer == 0)
            recall(*facts);
        return answer;
    }
    int open(int directory, const char *name, int flags, mode_t mode)
    {
        if ((flags & O_CREAT) != 0)
            m_missing.erase(pathOf(directory, name));
        if ((flags & O_CREAT) != 0 && m_changes == Counted)
            m_missing.clear();
        const int descriptor =
            unlessMissing(directory, name, [&] { return m_before.openat(directory, name, flags, mode); });
        if (descriptor >= 0) {
            ask(descriptor);
            struct stat facts = {};
            ::fstat(descriptor, &facts);
            m_found.insert_or_assign(pathOf(directory, name), facts);
        }
        return descriptor;
    }
    void ask(int descriptor)
    {
        struct stat facts = {};
        ::fstat(descriptor, &facts);
        if (const auto known = m_known.find(facts.st_ino); known != m_known.end())
            known->second.ask();
        else if (S_ISREG(facts.st_mode))
            m_known.emplace(facts.st_ino, descriptor);
    }
    void recall(struct stat &facts)
    {
        const auto known = m_known.find(facts.st_ino);
        if (known == m_known.end())
            return;
        facts.st_size = known->second.facts.st_size;
        facts.st_mtim = known->second.facts.st_mtim;
    }
    ssize_t read(int descriptor, char *to, size_t size, size_t from)
    {
        struct stat facts = {};
        ::fstat(descriptor, &facts);
        const auto known = m_known.find(facts.st_ino);
        if (known == m_known.end())
            return m_before.pread(descriptor, to, size, static_cast<off_t>(from));
        const std::string &bytes = known->second.bytes;
        const size_t got = std::min(size, bytes.size() - std::min(from, bytes.size()));
        std::memcpy(to, bytes.data() + std::min(from, bytes.size()), got);
        return static_cast<ssize_t>(got);
    }

    static inline CachingClient *s_current = nullptr;
    const Changes m_changes;
    const FakedFilesystem m_faked;
    const os::SystemCalls m_before;
    std::map<ino_t, Known> m_known;
    std::set<std::string> m_missing;
    std::map<std::string, struct stat> m_found;
};

} // namespace Holdfast::Testing
