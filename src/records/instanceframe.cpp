// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/instanceframe.h"

#include <algorithm>

namespace Holdfast::records {

namespace {

constexpr std::string_view Magic = "HFsi";
constexpr char Version = 1;
constexpr std::size_t VersionAt = 4;
constexpr std::size_t KindAt = 5;
constexpr std::size_t LengthAt = 8;
constexpr int LengthBytes = 4;

bool isKind(unsigned char byte)
{
    return byte >= static_cast<unsigned char>(FrameKind::Activation)
           && byte <= static_cast<unsigned char>(FrameKind::Leaving);
}

} // namespace

std::string writeFrameHead(const FrameHead &head)
{
    std::string bytes(Magic);
    bytes += Version;
    bytes += static_cast<char>(head.kind);
    bytes.append(LengthAt - bytes.size(), '\0');
    for (int i = LengthBytes - 1; i >= 0; --i)
        bytes += static_cast<char>(head.length >> (8 * i));
    return bytes;
}

FrameFault readFrameHead(std::string_view bytes, FrameHead *head)
{
    if (bytes.size() < FrameHeadSize || !canBeginFrame(bytes))
        return FrameFault::NotAFrame;
    if (bytes[VersionAt] != Version)
        return FrameFault::OtherVersion;
    const auto kind = static_cast<unsigned char>(bytes[KindAt]);
    if (!isKind(kind))
        return FrameFault::UnknownKind;
    head->kind = static_cast<FrameKind>(kind);
    head->length = 0;
    for (int i = 0; i < LengthBytes; ++i)
        head->length = head->length << 8 | static_cast<unsigned char>(bytes[LengthAt + static_cast<std::size_t>(i)]);
    return FrameFault::None;
}

bool canBeginFrame(std::string_view bytes)
{
    const std::size_t size = std::min(bytes.size(), Magic.size());
    return bytes.substr(0, size) == Magic.substr(0, size);
}

} // namespace Holdfast::records
