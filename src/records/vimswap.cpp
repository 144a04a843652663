// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/vimswap.h"

#include "records/limits.h"

#include <algorithm>

namespace Holdfast::records {

namespace {

// Where things are in the first block, as `struct block0` in Vim's memline.c has it. Numbers have their lower byte first on all
// machines, except the one that tells how the machine has them.
constexpr std::size_t VersionAt = 2;
constexpr std::size_t VersionSize = 10;
constexpr std::size_t TimeAt = 16;
constexpr std::size_t InodeAt = 20;
constexpr std::size_t ProcessAt = 24;
constexpr std::size_t UserAt = 28;
constexpr std::size_t HostAt = 68;
constexpr std::size_t TextSize = MostVimTextBytes + 1;
constexpr std::size_t DocumentAt = 108;
constexpr std::size_t FlagsAt = 1006; // within the last bytes of the document's name
constexpr std::size_t ModifiedAt = 1007;
constexpr std::size_t MagicAt = 1008;

constexpr char Modified = 0x55;
constexpr unsigned SameDirectory = 4;

// How a block begins: not encrypted, or by one of the methods that were ever in use.
constexpr std::string_view Plain = "b0";
constexpr std::string_view Methods = "cCdSs";

// The number 0x30313233 as a `long` of the machine: of 32 bits, or of 64.
constexpr std::string_view LittleMagic = "3210";
constexpr std::string_view BigMagic = "0123";
constexpr std::string_view WideBigMagic("\0\0\0\0"
                                        "0123",
                                        8);

std::uint32_t numberAt(std::string_view block, std::size_t at)
{
    std::uint32_t number = 0;
    for (std::size_t byte = 4; byte-- > 0;)
        number = number << 8 | static_cast<unsigned char>(block[at + byte]);
    return number;
}

std::string textAt(std::string_view block, std::size_t at, std::size_t size)
{
    const std::string_view field = block.substr(at, size);
    return std::string(field.substr(0, field.find('\0')));
}

std::optional<bool> isEncrypted(std::string_view block)
{
    if (block.starts_with(Plain))
        return false;
    return block[0] == 'b' && Methods.find(block[1]) != std::string_view::npos ? std::optional(true) : std::nullopt;
}

std::optional<ByteOrder> byteOrderOf(std::string_view block)
{
    const std::string_view magic = block.substr(MagicAt);
    if (magic.starts_with(LittleMagic))
        return ByteOrder::Little;
    return magic.starts_with(BigMagic) || magic.starts_with(WideBigMagic) ? std::optional(ByteOrder::Big)
                                                                          : std::nullopt;
}

} // namespace

std::optional<VimSwap> readVimSwap(std::string_view bytes)
{
    if (bytes.size() < VimBlockBytes)
        return std::nullopt;
    const std::string_view block = bytes.substr(0, VimBlockBytes);
    const auto encrypted = isEncrypted(block);
    const auto byteOrder = byteOrderOf(block);
    if (!encrypted || !byteOrder)
        return std::nullopt;
    VimSwap swap;
    swap.version = textAt(block, VersionAt, VersionSize);
    swap.encrypted = *encrypted;
    swap.documentTime = numberAt(block, TimeAt);
    swap.documentInode = numberAt(block, InodeAt);
    const std::int64_t process = numberAt(block, ProcessAt);
    swap.process = process <= MostProcess ? process : 0;
    swap.user = textAt(block, UserAt, TextSize);
    swap.host = textAt(block, HostAt, TextSize);
    swap.document = textAt(block, DocumentAt, FlagsAt - DocumentAt);
    swap.modified = block[ModifiedAt] == Modified;
    swap.sameDirectory = (static_cast<unsigned char>(block[FlagsAt]) & SameDirectory) != 0;
    swap.byteOrder = *byteOrder;
    return swap;
}

std::string vimSwapName(std::string_view documentName, std::size_t index)
{
    constexpr std::size_t MostNameBytes = 250;
    constexpr std::size_t Letters = 26;
    constexpr std::size_t First = ('w' - 'a') * Letters + ('p' - 'a');
    const std::size_t left = First - std::min(index, First);
    const std::string_view dot = documentName.starts_with('.') ? "" : ".";
    std::string name = std::string(dot).append(documentName.substr(0, MostNameBytes)).append(".s");
    name.push_back(static_cast<char>('a' + left / Letters));
    name.push_back(static_cast<char>('a' + left % Letters));
    return name;
}

} // namespace Holdfast::records
