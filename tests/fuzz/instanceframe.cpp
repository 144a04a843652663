// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/instanceframe.h"

#include "property.h"

using namespace Holdfast::records;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view bytes = asText(data, size);
    FrameHead head;
    const FrameFault fault = readFrameHead(bytes, &head);
    promise(fault != FrameFault::None || canBeginFrame(bytes), "a head is no stranger");
    promise(fault == FrameFault::NotAFrame || size >= FrameHeadSize, "a head has its size");
    for (std::size_t i = 0; i < size; ++i)
        promise(!canBeginFrame(bytes.substr(0, i + 1)) || canBeginFrame(bytes.substr(0, i)), "hope does not come back");
    if (fault != FrameFault::None)
        return 0;
    FrameHead again;
    promise(readFrameHead(writeFrameHead(head), &again) == FrameFault::None && again == head,
            "what was read comes back");
    return 0;
}
