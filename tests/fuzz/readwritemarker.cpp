// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/readwritemarker.h"

#include "property.h"
#include "records/canonical.h"

using namespace Holdfast::records;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(asText(data, size));
    const ReadWriteMarker made{"00112233445566778899aabbccddeeff", 4711, text};
    promise((readReadWriteMarker(writeReadWriteMarker(made)) == made) == isMarkerHost(text),
            "a marker carries exactly the hosts that it may");
    promise(!readReadWriteMarker(text + std::string(1025, '\n')), "what is too long is no marker");
    const auto marker = readReadWriteMarker(text);
    if (!marker)
        return 0;
    promise(size <= 1024, "a marker is at most 1024 bytes long");
    promise(isToken(marker->token) && isMarkerHost(marker->host), "the parts are what they must be");
    promise(marker->process >= 1 && marker->process <= 2147483647, "a process has 31 bits");
    const std::string written = writeReadWriteMarker(*marker);
    promise(readReadWriteMarker(written) == marker, "what was read comes back");
    promise(text.substr(0, written.size()) == written.substr(0, text.size()), "a marker has one spelling");
    promise(text.find_first_not_of('\n', written.size()) == text.npos, "only line feeds follow");
    promise(!readReadWriteMarker(text + "\nx"), "no marker has four lines");
    promise(!isHousekeeping(readerName(marker->token, marker->process)), "a reader is no housekeeping");
    return 0;
}
