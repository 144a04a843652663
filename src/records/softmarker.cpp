// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/softmarker.h"

#include "records/limits.h"
#include "records/pythonnumber.h"
#include "records/pythontext.h"
#include "records/unicode.h"

namespace Holdfast::records {

std::string writeSoftMarker(const SoftMarker &marker)
{
    std::string text = std::to_string(marker.process) + '\n' + marker.host + '\n';
    if (!marker.startToken.empty())
        text += marker.startToken + '\n';
    return text;
}

std::optional<SoftMarker> readSoftMarker(std::string_view bytes)
{
    if (bytes.size() > MostRecordBytes || !bytes.ends_with('\n') || !isUtf8(bytes))
        return std::nullopt;
    const auto lines = splitLines(stripped(bytes));
    if (lines.size() != 2 && lines.size() != 3)
        return std::nullopt;
    const auto process = readProcess(lines[0]);
    const auto startToken = lines.size() == 3 ? readInteger(lines[2]) : std::string();
    if (!process || !startToken)
        return std::nullopt;
    return SoftMarker{*process, std::string(lines[1]), *startToken};
}

} // namespace Holdfast::records
