// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace Holdfast::records {

/**
 * What goes between the instances of a program: frames, each a head and a body of CBOR.
 *
 *     offset  bytes
 *          0      4  "HFsi"
 *          4      1  version, 1
 *          5      1  kind
 *          6      2  zero
 *          8      4  length of the body, most significant byte first
 *
 * The secondary sends one Activation. The primary answers Acknowledgement as soon as it has all of it, and later Answer; or
 * Leaving, when it will not deal with it.
 */
enum class FrameKind : std::uint8_t { Activation = 1, Acknowledgement = 2, Answer = 3, Leaving = 4 };

struct FrameHead
{
    FrameKind kind = FrameKind::Activation;
    std::uint32_t length = 0; ///< of the body that follows

    friend bool operator==(const FrameHead &, const FrameHead &) = default;
};

constexpr std::size_t FrameHeadSize = 12;

/** The FrameHeadSize bytes of @p head. */
std::string writeFrameHead(const FrameHead &head);

/** What is wrong with a head. */
enum class FrameFault { None, NotAFrame, OtherVersion, UnknownKind };

/** Reads the first FrameHeadSize bytes. Shorter ones are NotAFrame. */
FrameFault readFrameHead(std::string_view bytes, FrameHead *head);

/** Whether @p bytes, the first of a head, however few, can become one: a stranger is told before all of it has come. */
bool canBeginFrame(std::string_view bytes);

} // namespace Holdfast::records
