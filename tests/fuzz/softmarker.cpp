// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/softmarker.h"

#include "property.h"
#include "records/canonical.h"
#include "records/leaserecord.h"
#include "records/pythontext.h"
#include "records/readwritemarker.h"
#include "records/tornmarker.h"

using namespace Holdfast::records;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(asText(data, size));
    promise(!readSoftMarker(text + '\xff'), "what is no UTF-8 is no marker");
    promise(!readSoftMarker(text + std::string(1025, '\n')), "what is too long is no marker");
    promise(readSoftMarker(text) == readSoftMarker(text), "the same bytes are the same marker");
    promise(!mayBeTornMarker(text) || mayBeTornMarker(text.substr(0, size / 2)), "half of a torn marker is torn");
    const auto marker = readSoftMarker(text);
    if (!marker)
        return 0;
    promise(size <= 1024, "a marker is at most 1024 bytes long");
    promise(marker->process >= 1 && marker->process <= 2147483647, "a process has 31 bits");
    const std::string_view token = marker->startToken;
    promise(token.empty() || isCanonicalNumber(token), "a start token is canonical");
    promise(splitLines(marker->host).size() <= 1, "a host is one line");
    promise(!claimsProtocolTwo(text), "no file is of both protocols");
    const std::string written = writeSoftMarker(*marker);
    promise(written.size() > 1024 || readSoftMarker(written) == marker, "what was read comes back");
    const bool isOurs = isMarkerHost(marker->host);
    promise(!isOurs || mayBeTornMarker(written.substr(0, size)), "whatever is left of our own marker is torn");
    const std::string framed = "\n " + text + "\r\n";
    promise(framed.size() > 1024 || readSoftMarker(framed) == marker, "white space around changes nothing");
    const std::string longer(stripped(text));
    promise(!readSoftMarker(longer), "the last line has an end");
    promise(token.empty() || !readSoftMarker(longer + "\n7\n"), "no marker has four lines");
    return 0;
}
