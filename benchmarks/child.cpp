// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "child.h"

#include "stats.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char **environ;

namespace Bench {

namespace {

constexpr std::int64_t Patience = 60 * Second;

std::vector<std::string> commandFor(const std::string &kind, const std::string &path)
{
    if (kind.starts_with("filelock") || kind.starts_with("database") || kind.starts_with("statements"))
        return {Child::Python, BENCH_SOURCE_DIR "/peer.py", path, kind};
    return {"/proc/self/exe", "--worker", kind, path};
}

} // namespace

Child::Child(const std::vector<std::string> &command)
{
    start(command);
}

Child::Child(const std::string &kind, const std::string &path) : Child(commandFor(kind, path))
{
    expect("ready");
}

Child::~Child()
{
    kill();
    reap();
    close(m_input);
    close(m_output);
}

void Child::start(const std::vector<std::string> &command)
{
    int input[2];
    int output[2];
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe2");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    std::vector<char *> arguments;
    for (const std::string &argument : command)
        arguments.push_back(const_cast<char *>(argument.c_str()));
    arguments.push_back(nullptr);
    const int failure = posix_spawn(&m_pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    m_input = input[1];
    m_output = output[0];
    if (failure != 0)
        throw std::system_error(failure, std::generic_category(), "cannot start " + command.front());
}

void Child::tell(const std::string &line)
{
    const std::string text = line + "\n";
    if (write(m_input, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::system_error(errno, std::generic_category(), "write to a child");
}

std::string Child::readLine()
{
    const std::int64_t deadline = now() + Patience;
    for (;;) {
        if (const std::size_t end = m_buffer.find('\n'); end != std::string::npos) {
            const std::string line = m_buffer.substr(0, end);
            m_buffer.erase(0, end + 1);
            return line;
        }
        pollfd waiting{m_output, POLLIN, 0};
        const std::int64_t left = (deadline - now()) / Millisecond;
        if (left <= 0 || poll(&waiting, 1, static_cast<int>(left)) == 0)
            throw std::runtime_error("a child does not answer");
        char bytes[512];
        const ssize_t size = read(m_output, bytes, sizeof bytes);
        if (size <= 0)
            throw std::runtime_error("a child has ended unexpectedly");
        m_buffer.append(bytes, static_cast<std::size_t>(size));
    }
}

std::vector<std::int64_t> Child::expect(std::string_view word)
{
    const std::string line = readLine();
    std::istringstream stream(line);
    std::string first;
    stream >> first;
    if (first != word)
        throw std::runtime_error("a child said '" + line + "' instead of '" + std::string(word) + "'");
    std::vector<std::int64_t> numbers;
    for (std::int64_t number; stream >> number;)
        numbers.push_back(number);
    return numbers;
}

void Child::kill()
{
    if (m_pid > 0)
        ::kill(m_pid, SIGKILL);
}

void Child::reap()
{
    if (m_pid > 0)
        waitpid(m_pid, nullptr, 0);
    m_pid = -1;
}

} // namespace Bench
