// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/libreofficelock.h"

#include "property.h"

using namespace Holdfast::records;

namespace {

void entries(std::string_view text)
{
    const LibreOfficeLock lock = readLibreOfficeLock(text);
    std::string written;
    for (const LibreOfficeOwner &owner : lock.owners)
        written += writeLibreOfficeOwner(owner);
    promise(text.starts_with(written), "an entry has one spelling");
    promise((written == text) == (lock.damage == LibreOfficeDamage::None || text.empty()),
            "damage is what is left over");
    promise(text.empty() == (lock.damage == LibreOfficeDamage::Empty), "only nothing is empty");
    const bool tooLong = text.size() >= TooManyLibreOfficeBytes;
    promise(tooLong == (lock.damage == LibreOfficeDamage::TooLong), "what is too long is not read");
    if (lock.damage == LibreOfficeDamage::Malformed)
        promise(readLibreOfficeLock(std::string(text) + ",;").damage != LibreOfficeDamage::None,
                "damage does not heal");
}

void anyTextIsAField(std::string_view text)
{
    const std::string field(text.substr(0, text.find('\0')));
    const std::string entry = writeLibreOfficeOwner({field, field, field, field, field});
    const LibreOfficeLock lock = readLibreOfficeLock(entry);
    if (entry.size() >= TooManyLibreOfficeBytes)
        return;
    promise(lock.damage == LibreOfficeDamage::None && lock.owners.size() == 1, "one entry is one owner");
    promise(lock.owners[0] == LibreOfficeOwner{field, field, field, field, field}, "a field comes back as it was");
}

void namesAndTimes(std::string_view text)
{
    if (const auto document = documentOfLibreOfficeLock(text))
        promise(libreOfficeLockName(*document) == text, "a lock file's name has one spelling");
    promise(text.empty() || documentOfLibreOfficeLock(libreOfficeLockName(text)) == text, "every document has one");
    if (const auto time = readLibreOfficeTime(text))
        promise(writeLibreOfficeTime(*time) == text, "a time has one spelling");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text = asText(data, size);
    entries(text);
    anyTextIsAField(text);
    namesAndTimes(text);
    return 0;
}
