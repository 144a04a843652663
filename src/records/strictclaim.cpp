// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/strictclaim.h"

#include "records/canonical.h"
#include "records/fields.h"
#include "records/limits.h"
#include "records/unicode.h"

#include <algorithm>

namespace Holdfast::records {

namespace {

static_assert(StrictSentinel.ends_with(std::string_view("v1\0\n0\n", 6)), "the zero byte must not end the text");

constexpr std::string_view Magic = "filelock-strict-v1";
constexpr std::string_view IntentPrefix = "intent-v1-";
constexpr std::string_view HeldPrefix = "held-v1-";
constexpr std::string_view ClaimSuffix = ".claim";
constexpr std::string_view PrivateMark = ".private-v1-";
constexpr std::string_view PrivateSuffix = ".tmp";

// Hosts of claims are texts that somebody can be shown: UTF-8, visible, in one word.
bool isClaimHost(std::string_view host)
{
    while (!host.empty()) {
        const auto character = firstCodePoint(host);
        if (!character || !isPrintable(character->value) || isSpace(character->value))
            return false;
        host.remove_prefix(character->size);
    }
    return true;
}

std::optional<ClaimRecord> refuse(std::string *why, const char *phrase)
{
    if (why)
        *why = phrase;
    return std::nullopt;
}

bool isAscii(std::string_view bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

} // namespace

std::optional<ClaimName> parseClaimName(std::string_view name)
{
    ClaimState state = ClaimState::Intent;
    if (!name.ends_with(ClaimSuffix))
        return std::nullopt;
    name.remove_suffix(ClaimSuffix.size());
    if (name.starts_with(IntentPrefix)) {
        name.remove_prefix(IntentPrefix.size());
    } else if (name.starts_with(HeldPrefix)) {
        state = ClaimState::Held;
        name.remove_prefix(HeldPrefix.size());
    } else {
        return std::nullopt;
    }
    return isToken(name) ? std::optional(ClaimName{state, std::string(name)}) : std::nullopt;
}

std::string claimName(ClaimState state, std::string_view token)
{
    std::string name(state == ClaimState::Held ? HeldPrefix : IntentPrefix);
    return name.append(token).append(ClaimSuffix);
}

std::string privateName(std::string_view publicName, std::string_view token)
{
    return std::string(".").append(publicName).append(PrivateMark).append(token).append(PrivateSuffix);
}

std::optional<std::string_view> publicNameOf(std::string_view privateName)
{
    const std::size_t tail = PrivateMark.size() + TokenSize + PrivateSuffix.size();
    if (privateName.size() < 1 + tail || !privateName.starts_with('.') || !privateName.ends_with(PrivateSuffix))
        return std::nullopt;
    const std::string_view mark = privateName.substr(privateName.size() - tail);
    if (!mark.starts_with(PrivateMark) || !isToken(mark.substr(PrivateMark.size(), TokenSize)))
        return std::nullopt;
    return privateName.substr(1, privateName.size() - tail - 1);
}

std::optional<ClaimName> parsePrivateClaimName(std::string_view name)
{
    const auto publicName = publicNameOf(name);
    return publicName ? parseClaimName(*publicName) : std::nullopt;
}

std::string writeClaimRecord(const ClaimRecord &record)
{
    std::string text(Magic);
    text.append("\n").append(record.token).append("\n").append(std::to_string(record.process)).append("\n");
    return text.append(toHexadecimal(record.host)).append("\n").append(record.startToken).append("\n");
}

std::optional<ClaimRecord> readClaimRecord(std::string_view bytes, std::string_view tokenInName, std::string *why)
{
    if (bytes.size() > MostRecordBytes)
        return refuse(why, "the record is longer than 1024 bytes");
    if (!isAscii(bytes))
        return refuse(why, "the record is not ASCII");
    if (std::count(bytes.begin(), bytes.end(), '\n') != 5 || bytes.back() != '\n')
        return refuse(why, "the record is not five lines");
    if (takeUntil(bytes, '\n') != Magic)
        return refuse(why, "the first line is not filelock-strict-v1");
    const std::string_view token = takeUntil(bytes, '\n');
    if (token != tokenInName || !isToken(token))
        return refuse(why, "the token is not the one in the file's name");
    const auto process = readCanonicalProcess(takeUntil(bytes, '\n'));
    if (!process)
        return refuse(why, "the process is not a number from 1 to 2147483647 in plain digits");
    const auto host = fromHexadecimal(takeUntil(bytes, '\n'));
    if (!host || !isClaimHost(*host))
        return refuse(why, "the host is not printable text in lowercase hexadecimal");
    const std::string_view startToken = takeUntil(bytes, '\n');
    if (!startToken.empty() && !isCanonicalNumber(startToken))
        return refuse(why, "the start token is not a number in plain digits");
    return ClaimRecord{std::string(token), *process, *host, std::string(startToken)};
}

} // namespace Holdfast::records
