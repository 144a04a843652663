// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/markerfamilyname.h"

namespace Holdfast {

const char *familyName(records::MarkerFamily family)
{
    using records::MarkerFamily;
    switch (family) {
    case MarkerFamily::Empty:
        return "an empty file, as FileLock leaves it";
    case MarkerFamily::Soft:
        return "a soft lock (SoftFileLock)";
    case MarkerFamily::Lease:
        return "a lease (SoftFileLease)";
    case MarkerFamily::Exclusive:
        return "a soft lock of filelock with another record (MarkerSoftFileLock)";
    case MarkerFamily::UnknownContract:
        return "a lease of a kind that this version does not know";
    case MarkerFamily::StrictSentinel:
        return "a strict lock (StrictSoftFileLock)";
    case MarkerFamily::ReadWriteMarker:
        return "a part of a soft read/write lock (SoftReadWriteLock)";
    case MarkerFamily::Database:
        return "an SQLite database";
    case MarkerFamily::Other:
        break;
    }
    return "a file that is no lock";
}

} // namespace Holdfast
