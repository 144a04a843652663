// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/documentrecord.h"

#include "property.h"

#include "records/libreofficelock.h"

using namespace Holdfast::records;

namespace {

void whatIsReadCanBeWritten(std::string_view text)
{
    const auto record = readDocumentRecord(text);
    if (!record)
        return;
    promise(record->process > 0 && record->token.size() == 32, "a record names a process and a hold");
    promise(record->application.find('\0') == std::string::npos, "no zero bytes come out of it");
    promise(readDocumentRecord(writeDocumentRecord(*record)) == record, "it comes back as it was");
    promise(readDocumentRecord(std::string(text) + "&later=1") == record, "later keys are skipped");
}

// Whatever a program calls itself, LibreOffice reads one owner.
void anyNameFitsIntoTheField(std::string_view text)
{
    const std::string name(text.substr(0, text.find('\0')));
    const DocumentRecord record{4711, "1234", std::string(32, 'a'), 1, name};
    const std::string field = writeDocumentRecord(record);
    promise(readDocumentRecord(field) == record, "any name comes back");
    const std::string entry = writeLibreOfficeOwner({"", "ann", "desk7", "", field});
    if (entry.size() >= TooManyLibreOfficeBytes)
        return;
    const LibreOfficeLock lock = readLibreOfficeLock(entry);
    promise(lock.owners.size() == 1 && lock.owners[0].profile == field, "it is one field");
    promise(field.find_first_of(",;\\") == std::string::npos, "that needs no escapes");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text = asText(data, size);
    whatIsReadCanBeWritten(text);
    anyNameFitsIntoTheField(text);
    return 0;
}
