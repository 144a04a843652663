// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One process that waits for very many locks.

#include "child.h"
#include "groups.h"
#include "stats.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace Bench {

namespace {

constexpr int Waiters = 1000;

/** Holds all the files, in this process: for the waiters it is another one. */
class Holder
{
public:
    explicit Holder(const std::string &path)
    {
        for (int i = 0; i < Waiters; ++i) {
            const std::string file = path + "." + std::to_string(i);
            m_descriptors.push_back(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
            if (m_descriptors.back() < 0 || flock(m_descriptors.back(), LOCK_EX | LOCK_NB) != 0)
                throw std::system_error(errno, std::generic_category(), file);
        }
    }
    ~Holder() { std::for_each(m_descriptors.begin(), m_descriptors.end(), close); }
    Holder(const Holder &) = delete;
    Holder &operator=(const Holder &) = delete;

private:
    std::vector<int> m_descriptors;
};

struct Usage
{
    double cpu;
    double heap;
    double resident;
};

std::filesystem::path procOf(const Child &child)
{
    return "/proc/" + std::to_string(child.pid());
}

double residentBytes(const Child &child)
{
    std::ifstream status(procOf(child) / "status");
    double kibibytes = 0;
    for (std::string word; status >> word;) {
        if (word == "VmRSS:")
            status >> kibibytes;
    }
    return kibibytes * 1024;
}

Usage usageOf(Child &child)
{
    child.tell("usage");
    const auto numbers = child.expect("usage");
    return {static_cast<double>(numbers.at(0)), static_cast<double>(numbers.at(1)), residentBytes(child)};
}

auto inotifyInstances(const Child &child)
{
    const std::filesystem::directory_iterator descriptors(procOf(child) / "fd");
    return std::count_if(begin(descriptors), end(descriptors), [](const auto &entry) {
        std::error_code vanished;
        return std::filesystem::read_symlink(entry.path(), vanished).string().find("inotify") != std::string::npos;
    });
}

} // namespace

void measureCrowd(const Setup &setup, Report &report)
{
    const std::string path = setup.path("crowd.lock");
    const Holder holder(path);
    Child child("holdfast-loop", path);
    const Usage before = usageOf(child);
    child.tell("crowd " + std::to_string(Waiters));
    child.expect("crowded");
    const Usage waiting = usageOf(child);
    const std::int64_t begin = now();
    sleepFor(setup.amount(10, 3) * Second);
    const Usage later = usageOf(child);

    const double share = 100 * (later.cpu - waiting.cpu) / static_cast<double>(now() - begin);
    const double resident = (waiting.resident - before.resident) / Waiters / 1024;
    const double heap = (waiting.heap - before.heap) / Waiters / 1024;
    const auto instances = inotifyInstances(child);
    const std::string crowd = std::to_string(Waiters) + " waiting locks: ";
    report.judge(crowd + "processor", numberText(share, 2) + " % of a core", "below 5 %", share < 5);
    report.judge(crowd + "inotify instances", std::to_string(instances), "at most 2", instances <= 2);
    report.judge(crowd + "resident memory of each", numberText(resident, 2) + " KiB", "below 8 KiB", resident < 8);
    report.inform(crowd + "heap of each", numberText(heap, 2) + " KiB");
    report.inform(crowd + "processor time until all wait", timeText(waiting.cpu - before.cpu));
}

} // namespace Bench
