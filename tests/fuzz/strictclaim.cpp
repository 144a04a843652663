// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/strictclaim.h"

#include "property.h"
#include "records/canonical.h"
#include "records/fields.h"
#include "records/markerfamily.h"

using namespace Holdfast::records;

namespace {

constexpr std::string_view Token = "00112233445566778899aabbccddeeff";

void names(std::string_view text)
{
    if (const auto claim = parseClaimName(text)) {
        promise(isToken(claim->token), "a claim's name holds a token");
        promise(claimName(claim->state, claim->token) == text, "a claim's name has one spelling");
        promise(!publicNameOf(text), "a claim's name is not private");
    }
    const std::string hidden = privateName(text, Token);
    promise(publicNameOf(hidden) == text, "a private name gives its public name back");
    promise(parsePrivateClaimName(hidden) == parseClaimName(text), "a claim's private name is known by its claim");
    if (const auto name = publicNameOf(text)) {
        const std::string_view token = text.substr(text.size() - 4 - Token.size(), Token.size());
        promise(privateName(*name, token) == text, "a private name has one spelling");
    }
}

void record(std::string_view text)
{
    std::string_view rest = text;
    takeUntil(rest, '\n');
    const std::string_view token = takeUntil(rest, '\n');
    std::string why;
    const auto claim = readClaimRecord(text, token, &why);
    promise(claim.has_value() == why.empty(), "damage has a reason, and nothing else has");
    promise(!readClaimRecord(text, token == Token ? "" : Token), "a claim belongs to its file's name");
    if (!claim)
        return;
    promise(writeClaimRecord(*claim) == text, "a claim has one spelling");
    promise(claim->process >= 1 && claim->process <= 2147483647, "a process has 31 bits");
    promise(!readClaimRecord(std::string(text) + '\n', token), "nothing follows the fifth line");
    promise(!readClaimRecord(text.substr(0, text.size() - 1), token), "the fifth line ends");
    promise(markerFamily(text) == MarkerFamily::Other, "a claim at a lock's path is no marker");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text = asText(data, size);
    names(text);
    record(text);
    return 0;
}
