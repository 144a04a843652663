// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "property.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

// Runs a property over every file of a folder, and over every beginning of each: what a fuzzer once found stays found,
// with any compiler.

namespace {

void replay(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    promise(!file.bad(), path.c_str());
    std::printf("%s\n", path.filename().c_str());
    std::fflush(stdout);
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        // A copy of exactly this size, so that the sanitizer sees a step beyond the end.
        const std::vector<std::uint8_t> beginning(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        LLVMFuzzerTestOneInput(beginning.data(), beginning.size());
    }
}

} // namespace

int main(int count, char **arguments)
{
    std::vector<std::filesystem::path> files;
    for (int argument = 1; argument < count; ++argument) {
        for (const auto &entry : std::filesystem::directory_iterator(arguments[argument]))
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    promise(!files.empty(), "there is something to replay");
    for (const auto &path : files)
        replay(path);
}
