// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/readwritemarker.h"

#include "records/canonical.h"
#include "records/fields.h"
#include "records/limits.h"

#include <algorithm>

namespace Holdfast::records {

std::string writeReadWriteMarker(const ReadWriteMarker &marker)
{
    return marker.token + '\n' + std::to_string(marker.process) + '\n' + marker.host + '\n';
}

std::optional<ReadWriteMarker> readReadWriteMarker(std::string_view bytes)
{
    if (bytes.size() > MostRecordBytes)
        return std::nullopt;
    const std::string_view token = takeUntil(bytes, '\n');
    const auto process = readCanonicalProcess(takeUntil(bytes, '\n'));
    const std::string_view host = takeUntil(bytes, '\n');
    const bool nothingFollows = bytes.find_first_not_of('\n') == std::string_view::npos;
    if (!isToken(token) || !process || !isMarkerHost(host) || !nothingFollows)
        return std::nullopt;
    return ReadWriteMarker{std::string(token), *process, std::string(host)};
}

std::string readerName(std::string_view token, std::int64_t process)
{
    return std::string(token).append(".").append(std::to_string(process));
}

bool isHousekeeping(std::string_view nameInReadersDirectory)
{
    return nameInReadersDirectory.starts_with('.') || nameInReadersDirectory.find(".break") != std::string_view::npos;
}

bool isMarkerHost(std::string_view host)
{
    const auto isVisible = [](char character) { return character >= '!' && character <= '~'; };
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), isVisible);
}

} // namespace Holdfast::records
