// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/processstat.h"

#include "property.h"
#include "records/canonical.h"

#include <cstring>

using namespace Holdfast::records;

namespace {

void stat(const std::string &text)
{
    const auto found = readProcessStat(text);
    if (text.find(')') != text.npos)
        promise(readProcessStat("4711 (a) b" + text) == found, "only what follows the last parenthesis counts");
    else
        promise(!found, "a name is in parentheses");
    if (found)
        promise(text.find(std::to_string(found->startTime)) != text.npos, "the start time stands in the text");
}

void token(const std::string &text, std::uint64_t startTime)
{
    const std::string found = startToken(text, startTime);
    promise(isCanonicalNumber(found) && found.size() <= 58, "a start token is a number of 192 bits");
    promise(startToken("", startTime) == std::to_string(startTime), "without a boot id it is the start time");
    promise(startToken("\n" + text + "\n", startTime) == found, "line feeds around count for nothing");
}

void namespaces(const std::string &text)
{
    const auto pids = namespacePids(text);
    promise(!pids || !pids->empty(), "a process has a number");
    promise(namespacePids("Name:\tNSpid\nPid:\t1\n" + text) == pids, "other lines count for nothing");
    promise(namespacePids("NSpid:\t12\t1\n" + text) == (std::vector<std::int64_t>{12, 1}), "the first line counts");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(asText(data, size));
    std::uint64_t startTime = 0;
    if (size >= sizeof startTime)
        std::memcpy(&startTime, data, sizeof startTime);
    stat(text);
    token(text, startTime);
    namespaces(text);
    return 0;
}
