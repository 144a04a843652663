// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "property.h"
#include "records/canonical.h"
#include "records/pythontext.h"
#include "records/unicode.h"

using namespace Holdfast::records;

namespace {

void stripping(std::string_view text)
{
    const std::string_view rest = stripped(text);
    promise(stripped(rest) == rest, "there is nothing left to strip");
    const auto first = firstCodePoint(rest);
    promise(!first || !isSpace(first->value), "no white space is at the front");
    promise(stripped(" \t" + std::string(rest) + "\xe3\x80\x80\n") == rest, "white space comes off again");
}

void splitting(std::string_view text)
{
    std::size_t bytes = 0;
    const auto lines = splitLines(text);
    for (const std::string_view line : lines) {
        bytes += line.size();
        promise(splitLines(line).size() <= 1, "a line is one line");
        promise(!isUtf8(text) || isUtf8(line), "no line is cut within a character");
    }
    // Every end takes one byte to three, and the last line may have none.
    promise(bytes <= text.size() && text.size() <= bytes + 3 * lines.size(), "nothing is lost");
    std::string joined;
    for (const std::string_view line : lines)
        joined.append(line).append("\n");
    promise(splitLines(joined) == lines, "lines come back");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text = asText(data, size);
    stripping(text);
    splitting(text);
    promise(fromHexadecimal(toHexadecimal(text)) == text, "bytes come back from hexadecimal");
    const auto bytes = fromHexadecimal(text);
    promise(!bytes || toHexadecimal(*bytes) == text, "hexadecimal has one spelling");
    return 0;
}
