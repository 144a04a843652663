// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/markerhost.h"

#include "property.h"
#include "records/readwritemarker.h"

using namespace Holdfast::records;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(asText(data, size));
    const MarkerHost host = readMarkerHost(text);
    promise(host.name.size() <= text.size(), "nothing is added to a name");
    promise(readMarkerHost(writeMarkerHost(host)) == host, "what was read comes back");
    for (const auto &number : {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(size)}) {
        const std::string written = writeMarkerHost({text, number});
        promise(written.size() > 253 || isMarkerHost(written), "any name fits into any record");
        promise(readMarkerHost(written) == MarkerHost{text, number}, "any name comes back");
    }
    return 0;
}
