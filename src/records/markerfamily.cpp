// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/markerfamily.h"

#include "records/leaserecord.h"
#include "records/readwritemarker.h"
#include "records/softmarker.h"
#include "records/strictclaim.h"

namespace Holdfast::records {

namespace {

MarkerFamily familyOf(LeaseContract contract)
{
    if (contract == LeaseContract::Lease)
        return MarkerFamily::Lease;
    return contract == LeaseContract::Exclusive ? MarkerFamily::Exclusive : MarkerFamily::UnknownContract;
}

} // namespace

// The order matters twice. The sentinel reads as a soft marker on purpose. A read/write marker whose random token is
// all zeros but for a few digits reads as a soft one, too; but nobody writes a process with thirty leading zeros.
MarkerFamily markerFamily(std::string_view firstBytes)
{
    if (firstBytes.empty())
        return MarkerFamily::Empty;
    if (firstBytes == StrictSentinel)
        return MarkerFamily::StrictSentinel;
    if (firstBytes.starts_with(std::string_view("SQLite format 3\0", 16))) // sqlite.org/fileformat.html, 1.3.1
        return MarkerFamily::Database;
    if (readReadWriteMarker(firstBytes))
        return MarkerFamily::ReadWriteMarker;
    if (readSoftMarker(firstBytes))
        return MarkerFamily::Soft;
    if (const auto lease = readLeaseRecord(firstBytes))
        return familyOf(lease->contract);
    return MarkerFamily::Other;
}

} // namespace Holdfast::records
