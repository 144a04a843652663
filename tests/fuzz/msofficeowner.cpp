// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/msofficeowner.h"

#include "property.h"
#include "records/unicode.h"

using namespace Holdfast::records;

namespace {

void file(std::string_view bytes)
{
    const auto owner = readMsOfficeOwner(bytes);
    if (!owner)
        return;
    promise(bytes.size() >= 162, "a part of a file is nothing");
    promise(readMsOfficeOwner(bytes.substr(0, MostMsOfficeBytes)) == owner, "what is beyond does not count");
    promise(!owner->fullName.empty() && isUtf8(owner->fullName), "a name is UTF-8");
}

// The text as the second name of a file of Word's.
void fileWith(std::string_view text)
{
    const std::string_view name = text.substr(0, text.size() < 104 ? text.size() / 2 * 2 : 104);
    std::string bytes = "\1n";
    bytes.resize(54);
    bytes.append({static_cast<char>(name.size() / 2), '\0'}).append(name);
    bytes.resize(162);
    const auto owner = readMsOfficeOwner(bytes);
    const auto expected = fromUtf16(name);
    if (owner && owner->program == MsOfficeProgram::Word)
        promise(owner->fullName == expected, "a name is its UTF-16");
    else
        promise(name.empty() || !expected, "a name that can be read is");
}

void name(std::string_view text)
{
    const std::string owner = msOfficeOwnerName(text);
    promise(owner.starts_with("~$") && text.ends_with(std::string_view(owner).substr(2)), "a name is one's end");
    promise(owner.size() + 6 >= text.size(), "two characters go at most");
    promise(!isUtf8(text) || isUtf8(owner), "characters stay whole");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text = asText(data, size);
    file(text);
    fileWith(text);
    name(text);
    return 0;
}
