// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/tornmarker.h"

#include "records/canonical.h"
#include "records/fields.h"
#include "records/limits.h"

#include <algorithm>
#include <span>

namespace Holdfast::records {

namespace {

/** One line of a record. What @p mayBegin with a value is asked of whole values, too. */
struct Line
{
    std::string_view key;
    bool (*mayBegin)(std::string_view value);
};

bool isNothing(std::string_view value)
{
    return value.empty();
}

bool isProcess(std::string_view value)
{
    return readCanonicalProcess(value).has_value();
}

// Any name that gethostname(2) can give; of one in UTF-8 half a character may be there.
bool isHost(std::string_view value)
{
    constexpr std::size_t most = 255;
    const auto isControl = [](char character) { return static_cast<unsigned char>(character) < ' '; };
    return !value.empty() && value.size() <= most && std::none_of(value.begin(), value.end(), isControl);
}

bool isMode(std::string_view value)
{
    return std::string_view("lease").starts_with(value);
}

bool isLeaseToken(std::string_view value)
{
    return value.size() <= TokenSize && value.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool isDuration(std::string_view value)
{
    return value.find_first_not_of("0123456789.e+-") == std::string_view::npos;
}

bool isStart(std::string_view value)
{
    return isCanonicalNumber(value);
}

constexpr Line Soft[] = {{"", isProcess}, {"", isHost}, {"", isStart}};
constexpr Line Lease[] = {{"filelock/2", isNothing}, {"pid=", isProcess},       {"host=", isHost},  {"mode=", isMode},
                          {"token=", isLeaseToken},  {"duration=", isDuration}, {"start=", isStart}};

bool isCutFrom(std::span<const Line> lines, std::string_view text)
{
    for (const Line &line : lines) {
        if (text.size() <= line.key.size())
            return line.key.starts_with(text);
        if (!text.starts_with(line.key))
            return false;
        text.remove_prefix(line.key.size());
        std::string_view value = takeUntil(text, '\n');
        if (value.ends_with('\r'))
            value.remove_suffix(1);
        if (!line.mayBegin(value))
            return false;
    }
    return text.empty();
}

// The first line of one, and a key of one.
bool beginsLikeALease(std::string_view text)
{
    constexpr std::string_view magic = "filelock/2\n";
    if (!text.starts_with(magic))
        return false;
    text.remove_prefix(magic.size());
    return std::any_of(std::begin(Lease) + 1, std::end(Lease),
                       [text](const Line &line) { return text.starts_with(line.key); });
}

} // namespace

bool mayBeTornMarker(std::string_view bytes)
{
    const bool isBlank = bytes.find_first_not_of('\0') == std::string_view::npos;
    return bytes.size() <= MostRecordBytes
           && (isBlank || isCutFrom(Soft, bytes) || isCutFrom(Lease, bytes) || beginsLikeALease(bytes));
}

} // namespace Holdfast::records
