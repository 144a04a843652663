// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystems.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace Holdfast::Testing {

/**
 * Lets the library see files as a client of NFS does (nfs(5), "close-to-open"): what is known of one, its facts and its bytes, is
 * remembered, and its server is asked again only when it is opened. What the test itself does with the files, another machine
 * does. One at a time, one thread.
 */
class CachingClient
{
public:
    CachingClient() : m_faked(Nfs), m_before(os::systemCalls())
    {
        s_current = this;
        os::systemCalls().openat = [](int directory, const char *name, int flags, mode_t mode) {
            const int descriptor = s_current->m_before.openat(directory, name, flags, mode);
            return descriptor < 0 ? descriptor : (s_current->ask(descriptor), descriptor);
        };
        os::systemCalls().fstat = [](int descriptor, struct stat *facts) {
            const int answer = s_current->m_before.fstat(descriptor, facts);
            return answer == 0 ? (s_current->recall(*facts), answer) : answer;
        };
        os::systemCalls().fstatat = [](int directory, const char *name, struct stat *facts, int flags) {
            const int answer = s_current->m_before.fstatat(directory, name, facts, flags);
            return answer == 0 ? (s_current->recall(*facts), answer) : answer;
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
    }

private:
    struct Known
    {
        explicit Known(int open) : descriptor(::dup(open)) { ask(); } // so that no other file gets its inode
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
    const FakedFilesystem m_faked;
    const os::SystemCalls m_before;
    std::map<ino_t, Known> m_known;
};

} // namespace Holdfast::Testing
