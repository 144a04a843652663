// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace Bench {

/** Another process that is told what to do line by line and answers line by line. Killed when this goes. */
class Child
{
public:
    /** Debian's own, where the package is, whatever else is on the PATH. */
    static constexpr const char *Python = "/usr/bin/python3";

    explicit Child(const std::vector<std::string> &command);
    ~Child();
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;

    /** A lock user of this kind on @p path, ready for commands; see peers.h and peer.py. */
    Child(const std::string &kind, const std::string &path);

    pid_t pid() const { return m_pid; }
    void tell(const std::string &line);

    /** The numbers of the next answer, which must begin with @p word; throws after a minute. */
    std::vector<std::int64_t> expect(std::string_view word);

    void kill(); ///< SIGKILL, without waiting for the end
    void reap();

private:
    void start(const std::vector<std::string> &command);
    std::string readLine();

    pid_t m_pid = -1;
    int m_input = -1;
    int m_output = -1;
    std::string m_buffer;
};

} // namespace Bench
