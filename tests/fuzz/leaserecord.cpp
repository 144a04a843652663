// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/leaserecord.h"

#include "property.h"
#include "records/canonical.h"
#include "records/pythontext.h"
#include "records/readwritemarker.h"
#include "records/softmarker.h"
#include "records/tornmarker.h"

#include <cmath>

using namespace Holdfast::records;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(asText(data, size));
    promise(!readLeaseRecord(text + '\xff'), "what is no UTF-8 is no record");
    promise(!readLeaseRecord(text + std::string(1025, '\n')), "what is too long is no record");
    const auto record = readLeaseRecord(text);
    if (!record)
        return 0;
    promise(size <= 1024, "a record is at most 1024 bytes long");
    promise(claimsProtocolTwo(text), "a record names its protocol");
    promise(!readSoftMarker(text), "no file is of both protocols");
    promise(record->process >= 1 && record->process <= 2147483647, "a process has 31 bits");
    promise(!record->host.empty() && splitLines(record->host).size() == 1, "a host is one line");
    if (record->contract == LeaseContract::Lease)
        promise(std::isfinite(record->duration) && record->duration > 0, "a lease ends");
    else
        promise(record->token.empty() && record->duration == 0, "another contract has no lease");
    const std::string written = writeLeaseRecord(*record);
    promise(written.size() > 1024 || readLeaseRecord(written) == record, "what was read comes back");
    const bool isLease = record->contract == LeaseContract::Lease && isToken(record->token);
    const bool isOurs = isLease && isMarkerHost(record->host);
    promise(!isOurs || mayBeTornMarker(written.substr(0, size)), "whatever is left of our own record is torn");
    const std::string bare(stripped(text));
    const std::string unknown = bare + "\nsomething=else\n";
    promise(unknown.size() > 1024 || readLeaseRecord(unknown) == record, "an unknown key changes nothing");
    promise(!readLeaseRecord(bare + "\nword\n"), "every line has a key");
    promise(!readLeaseRecord(bare + "\npid=0\n"), "the last of equal keys counts");
    return 0;
}
