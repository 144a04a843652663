// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/documentrecord.h"

#include "records/canonical.h"
#include "records/fields.h"
#include "records/limits.h"

namespace Holdfast::records {

namespace {

constexpr std::string_view Prefix = "holdfast:1?";
constexpr std::string_view Digits = "0123456789ABCDEF";

bool isPlain(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
           || (character >= '0' && character <= '9')
           || std::string_view("-._~").find(character) != std::string_view::npos;
}

// As in URLs, so that no character of a name can end the value, or the field.
std::string encoded(std::string_view value)
{
    std::string text;
    for (const char character : value) {
        if (isPlain(character)) {
            text.push_back(character);
            continue;
        }
        const auto byte = static_cast<unsigned char>(character);
        text.append({'%', Digits[byte / 16U], Digits[byte % 16U]});
    }
    return text;
}

std::optional<std::string> decoded(std::string_view text)
{
    std::string value;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            value.push_back(text[at]);
            continue;
        }
        const auto byte = at + 2 < text.size() ? toNumber<unsigned>(text.substr(at + 1, 2), 16) : std::nullopt;
        if (!byte || *byte == 0)
            return std::nullopt;
        value.push_back(static_cast<char>(*byte));
        at += 2;
    }
    return value;
}

// False: the key is known, and the value is none.
bool setValue(DocumentRecord &record, std::string_view key, std::string_view value)
{
    if (key == "pid") {
        record.process = readCanonicalProcess(value).value_or(0);
        return record.process != 0;
    }
    if (key == "start") {
        record.startToken = value;
        return value.size() < TokenSize * 2 && isCanonicalNumber(value);
    }
    if (key == "token") {
        record.token = value;
        return isToken(value);
    }
    if (key == "since") {
        const auto since = toNumber<std::int64_t>(value);
        record.since = since.value_or(0);
        return since.has_value();
    }
    if (key == "app") {
        auto application = decoded(value);
        record.application = application.value_or(std::string());
        return application.has_value();
    }
    return true;
}

} // namespace

std::string writeDocumentRecord(const DocumentRecord &record)
{
    std::string text(Prefix);
    text.append("pid=").append(std::to_string(record.process));
    if (!record.startToken.empty())
        text.append("&start=").append(record.startToken);
    text.append("&token=").append(record.token);
    text.append("&since=").append(std::to_string(record.since));
    text.append("&app=").append(encoded(record.application));
    return text;
}

std::optional<DocumentRecord> readDocumentRecord(std::string_view text)
{
    if (!text.starts_with(Prefix))
        return std::nullopt;
    text.remove_prefix(Prefix.size());
    DocumentRecord record;
    while (!text.empty()) {
        std::string_view pair = takeUntil(text, '&');
        const std::string_view key = takeUntil(pair, '=');
        if (!setValue(record, key, pair))
            return std::nullopt;
    }
    if (record.process == 0 || record.token.empty())
        return std::nullopt;
    return record;
}

} // namespace Holdfast::records
