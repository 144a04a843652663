// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/markerfamily.h"

#include "property.h"
#include "records/leaserecord.h"
#include "records/readwritemarker.h"
#include "records/softmarker.h"
#include "records/strictclaim.h"

using namespace Holdfast::records;

// Each family is what its reader reads, and Other is what none of them does.
int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text = asText(data, size);
    const MarkerFamily family = markerFamily(text);
    const auto soft = readSoftMarker(text);
    const auto lease = readLeaseRecord(text);
    const auto readWrite = readReadWriteMarker(text);
    const bool database = text.substr(0, 16) == std::string_view("SQLite format 3\0", 16);
    promise((family == MarkerFamily::Empty) == text.empty(), "empty is no byte");
    promise((family == MarkerFamily::StrictSentinel) == (text == StrictSentinel), "the sentinel is 24 bytes");
    promise((family == MarkerFamily::ReadWriteMarker) == readWrite.has_value(), "a read/write marker can be read");
    promise((family == MarkerFamily::Soft) == (soft && !readWrite && text != StrictSentinel),
            "a soft marker can be read and is nothing else");
    promise((family == MarkerFamily::Lease) == (lease && lease->contract == LeaseContract::Lease), "a lease is one");
    promise((family == MarkerFamily::UnknownContract) == (lease && lease->contract == LeaseContract::Unknown),
            "an unknown contract is one");
    promise((family == MarkerFamily::Database) == database, "a database begins like one");
    promise(family != MarkerFamily::Other || (!soft && !lease && !readWrite), "what can be read has a family");
    return 0;
}
