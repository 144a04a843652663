// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/leaserecord.h"

#include "records/limits.h"
#include "records/pythontext.h"
#include "records/unicode.h"

#include <cmath>

namespace Holdfast::records {

namespace {

constexpr std::string_view Protocol = "filelock/2";

// The values as they stand in the file; a key that is missing differs from one that is empty.
struct Fields
{
    std::optional<std::string_view> process, host, mode, token, duration, startToken;

    std::optional<std::string_view> *named(std::string_view key)
    {
        if (key == "pid")
            return &process;
        if (key == "host")
            return &host;
        if (key == "mode")
            return &mode;
        if (key == "token")
            return &token;
        if (key == "duration")
            return &duration;
        return key == "start" ? &startToken : nullptr;
    }
};

std::optional<Fields> readFields(const std::vector<std::string_view> &lines)
{
    Fields fields;
    for (std::size_t number = 1; number < lines.size(); ++number) {
        const std::string_view line = lines[number];
        const auto equals = line.find('=');
        if (equals == std::string_view::npos)
            return std::nullopt;
        if (auto *const field = fields.named(line.substr(0, equals)))
            *field = line.substr(equals + 1);
    }
    return fields;
}

std::string_view modeOf(LeaseContract contract)
{
    if (contract == LeaseContract::Lease)
        return "lease";
    return contract == LeaseContract::Exclusive ? "exclusive" : "unknown";
}

std::optional<LeaseRecord> toRecord(const Fields &fields)
{
    if (!fields.mode || !fields.process || !fields.host || fields.host->empty())
        return std::nullopt;
    const auto process = readProcess(*fields.process);
    const auto duration = fields.duration ? readPythonNumber(*fields.duration) : 0;
    const auto startToken = fields.startToken ? readInteger(*fields.startToken) : std::string();
    if (!process || !duration || !startToken)
        return std::nullopt;
    const std::string host(*fields.host);
    if (*fields.mode != "lease") {
        const LeaseContract contract = *fields.mode == "exclusive" ? LeaseContract::Exclusive : LeaseContract::Unknown;
        return LeaseRecord{*process, host, contract, {}, 0, *startToken};
    }
    const bool ends = std::isfinite(*duration) && *duration > 0;
    if (!fields.token || fields.token->empty() || !ends)
        return std::nullopt;
    return LeaseRecord{*process, host, LeaseContract::Lease, std::string(*fields.token), *duration, *startToken};
}

} // namespace

std::string writeLeaseRecord(const LeaseRecord &record)
{
    const bool lease = record.contract == LeaseContract::Lease;
    std::string text(Protocol);
    text += "\npid=" + std::to_string(record.process);
    text += "\nhost=" + record.host;
    text.append("\nmode=").append(modeOf(record.contract));
    if (lease)
        text += "\ntoken=" + record.token + "\nduration=" + pythonNumber(record.duration);
    if (!record.startToken.empty())
        text += "\nstart=" + record.startToken;
    return text + '\n';
}

std::optional<LeaseRecord> readLeaseRecord(std::string_view bytes)
{
    if (bytes.size() > MostRecordBytes || !bytes.ends_with('\n') || !isUtf8(bytes))
        return std::nullopt;
    const auto lines = splitLines(stripped(bytes));
    if (lines.empty() || lines[0] != Protocol)
        return std::nullopt;
    const auto fields = readFields(lines);
    return fields ? toRecord(*fields) : std::nullopt;
}

bool claimsProtocolTwo(std::string_view bytes)
{
    const auto lines = splitLines(stripped(bytes));
    return !lines.empty() && lines[0] == Protocol;
}

} // namespace Holdfast::records
