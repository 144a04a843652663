// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/emacslock.h"

#include "property.h"

using namespace Holdfast::records;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text = asText(data, size);
    promise(emacsLockName(text).substr(2) == text, "a lock's name ends with the document's");
    const auto owner = readEmacsLock(text);
    if (!owner)
        return 0;
    promise(text.size() <= MostEmacsBytes, "a longer text is no lock");
    promise(text.starts_with(owner->user + '@' + owner->host + '.'), "user and host come first");
    promise(owner->process >= 0 && owner->process <= 2147483647, "a process has 31 bits");
    promise(!owner->startOfHost || *owner->startOfHost >= 0, "a machine started after 1970");
    promise(owner->host.find('@') == std::string::npos, "the user reaches up to the last at sign");
    promise(!readEmacsLock(std::string(text) + ' '), "nothing follows");
    std::string again = owner->user + '@' + owner->host + '.' + std::to_string(owner->process);
    if (owner->startOfHost)
        again += ':' + std::to_string(*owner->startOfHost);
    promise(again.size() > MostEmacsBytes || readEmacsLock(again) == owner, "an owner comes back as he was");
    return 0;
}
