// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/locktable.h"

#include "property.h"

#include <algorithm>

using namespace Holdfast::records;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(asText(data, size));
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    const auto holders = flockHolders(text, 8, 1, 4711);
    promise(holders.size() <= lines, "a line is at most one lock");
    for (const LockTableEntry &entry : holders) {
        // Between a sign and the digits may be zeros.
        const std::string digits = std::to_string(entry.process);
        promise(text.find(digits.substr(entry.process < 0)) != text.npos, "a process stands in the text");
    }
    promise(flockHolders(text, 0, 1, 4711).size() >= holders.size(), "a device narrows the search");
    auto more = holders;
    more.push_back({708, true});
    promise(flockHolders(text + "\n1: FLOCK  ADVISORY  READ 708 08:01:4711 0 EOF\n", 8, 1, 4711) == more,
            "no line spoils the next one");
    return 0;
}
