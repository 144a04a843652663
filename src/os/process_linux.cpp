// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/fileidentity.h"
#include "os/process.h"
#include "os/textfile_linux.h"

#include <algorithm>
#include <array>
#include <climits>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace Holdfast::os {

namespace {

// The state letter follows the program's name in parentheses, which may itself contain any character.
char stateLetter(const std::string &stat)
{
    const auto end = stat.rfind(')');
    return end == std::string::npos || end + 2 >= stat.size() ? '?' : stat[end + 2];
}

} // namespace

std::int64_t currentProcess()
{
    return getpid();
}

bool isMainThread()
{
    return gettid() == getpid();
}

std::optional<ProcessFacts> factsOf(std::int64_t process)
{
    const std::string directory = "/proc/" + std::to_string(process);
    struct stat facts;
    if (process <= 0 || ::stat(directory.c_str(), &facts) != 0)
        return std::nullopt;
    const char state = stateLetter(readWhole(directory + "/stat"));
    if (state == 'Z' || state == 'X')
        return std::nullopt;
    std::string program = readWhole(directory + "/comm");
    if (!program.empty() && program.back() == '\n')
        program.pop_back();
    return ProcessFacts{program, userName(facts.st_uid)};
}

std::string hostName()
{
    std::array<char, HOST_NAME_MAX + 1> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

std::string userName(unsigned user)
{
    passwd entry{};
    passwd *found = nullptr;
    std::array<char, 4096> buffer{};
    if (getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found)
        return found->pw_name;
    return std::to_string(user);
}

// The field has more behind a comma: room, telephone. An ampersand stands for the login name.
std::string initialVariable(const std::string &name)
{
    const std::string all = '\0' + readWhole("/proc/self/environ");
    const std::string beginning = '\0' + name + '=';
    const auto found = all.find(beginning);
    if (found == std::string::npos)
        return {};
    const auto value = found + beginning.size();
    return all.substr(value, all.find('\0', value) - value);
}

std::string fullNameOfUser(unsigned user)
{
    passwd entry{};
    passwd *found = nullptr;
    std::array<char, 4096> buffer{};
    if (getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) != 0 || !found || !found->pw_gecos)
        return {};
    std::string name = found->pw_gecos;
    name.erase(std::min(name.find(','), name.size()));
    if (const auto login = name.find('&'); login != std::string::npos)
        name.replace(login, 1, found->pw_name);
    return name;
}

unsigned currentUser()
{
    return geteuid();
}

DeviceNumbers deviceNumbers(const FileIdentity &identity)
{
    return {gnu_dev_major(identity.device), gnu_dev_minor(identity.device)};
}

std::string lockTable()
{
    return readWhole("/proc/locks");
}

} // namespace Holdfast::os
