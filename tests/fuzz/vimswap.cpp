// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/vimswap.h"

#include "property.h"

using namespace Holdfast::records;

namespace {

void block(std::string_view bytes)
{
    const auto swap = readVimSwap(bytes);
    if (!swap)
        return;
    promise(bytes.size() >= VimBlockBytes, "a part of a block is nothing");
    promise(readVimSwap(bytes.substr(0, VimBlockBytes)) == swap, "what follows the block does not count");
    promise(swap->process >= 0 && swap->process <= 2147483647, "a process has 31 bits");
    promise(swap->version.size() <= 10 && swap->user.size() <= 40 && swap->host.size() <= 40, "a field has its size");
    promise(swap->document.size() <= 898, "the flags are not in the document's name");
    for (const std::string *field : {&swap->version, &swap->user, &swap->host, &swap->document})
        promise(field->find('\0') == std::string::npos, "a field ends at a zero byte");
}

// So that noise is noise in the fields, too.
void blockWith(std::string_view noise)
{
    std::string bytes("b0");
    bytes.append(noise.substr(0, 1006));
    bytes.resize(1008);
    bytes += "3210";
    bytes.resize(VimBlockBytes);
    promise(readVimSwap(bytes).has_value(), "a block is one whatever its fields say");
    block(bytes);
}

void name(std::string_view text)
{
    const std::string first = vimSwapName(text, 0);
    promise(first.starts_with('.') && first.ends_with(".swp"), "a swap file has a name of its kind");
    promise(first.size() <= 255, "a name is not too long");
    promise(vimSwapName(text, text.size()).size() == first.size(), "the names of a document have one length");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text = asText(data, size);
    block(text);
    blockWith(text);
    name(text);
    return 0;
}
