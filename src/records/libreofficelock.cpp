// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/libreofficelock.h"

#include <algorithm>
#include <array>

namespace Holdfast::records {

namespace {

constexpr std::string_view LockPrefix = ".~lock.";
constexpr std::string_view SharingPrefix = ".~sharing.";
constexpr std::string_view Suffix = "#";
constexpr std::string_view Special = "\\,;"; // what a field cannot hold as it is
constexpr std::size_t FieldCount = 5;

using Fields = std::array<std::string, FieldCount>;

// Takes one field and the character that must come behind it.
LibreOfficeDamage takeField(std::string_view &bytes, char end, std::string &field)
{
    for (;;) {
        const auto plain = bytes.substr(0, bytes.find_first_of(Special));
        field.append(plain);
        bytes.remove_prefix(plain.size());
        if (bytes.empty())
            return LibreOfficeDamage::Torn;
        const char character = bytes.front();
        bytes.remove_prefix(1);
        if (character != '\\')
            return character == end ? LibreOfficeDamage::None : LibreOfficeDamage::Malformed;
        if (bytes.empty())
            return LibreOfficeDamage::Torn;
        if (Special.find(bytes.front()) == std::string_view::npos)
            return LibreOfficeDamage::Malformed;
        field.push_back(bytes.front());
        bytes.remove_prefix(1);
    }
}

LibreOfficeDamage takeFields(std::string_view &bytes, Fields &fields)
{
    for (std::size_t at = 0; at < FieldCount; ++at) {
        const auto damage = takeField(bytes, at + 1 < FieldCount ? ',' : ';', fields[at]);
        if (damage != LibreOfficeDamage::None)
            return damage;
        // After a power failure a file can have its length and not its text, or only the beginning of it.
        if (fields[at].find('\0') != std::string::npos)
            return LibreOfficeDamage::Torn;
    }
    return LibreOfficeDamage::None;
}

std::string escaped(std::string_view field)
{
    std::string text;
    for (const char character : field.substr(0, field.find('\0'))) {
        if (Special.find(character) != std::string_view::npos)
            text.push_back('\\');
        text.push_back(character);
    }
    return text;
}

std::string withZeros(int number, std::size_t digits)
{
    std::string text = std::to_string(number);
    return text.insert(0, digits - std::min(digits, text.size()), '0');
}

int daysIn(int month, int year)
{
    constexpr std::array Days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : Days[static_cast<std::size_t>(month - 1)];
}

bool isInCalendar(const LocalMinute &time)
{
    return time.year >= 1 && time.year <= 9999 && time.month >= 1 && time.month <= 12 && time.day >= 1
           && time.day <= daysIn(time.month, time.year) && time.hour >= 0 && time.hour <= 23 && time.minute >= 0
           && time.minute <= 59;
}

} // namespace

LibreOfficeLock readLibreOfficeLock(std::string_view bytes)
{
    if (bytes.size() >= TooManyLibreOfficeBytes)
        return {{}, LibreOfficeDamage::TooLong};
    if (bytes.empty())
        return {{}, LibreOfficeDamage::Empty};
    LibreOfficeLock lock;
    while (!bytes.empty()) {
        Fields fields;
        lock.damage = takeFields(bytes, fields);
        if (lock.damage != LibreOfficeDamage::None)
            return lock;
        lock.owners.push_back({fields[0], fields[1], fields[2], fields[3], fields[4]});
    }
    return lock;
}

std::string writeLibreOfficeOwner(const LibreOfficeOwner &owner)
{
    std::string text = escaped(owner.fullName);
    for (const std::string *field : {&owner.user, &owner.host, &owner.since, &owner.profile})
        text.append(",").append(escaped(*field));
    return text.append(";");
}

std::optional<LocalMinute> readLibreOfficeTime(std::string_view text)
{
    constexpr std::string_view Form = "00.00.0000 00:00";
    if (text.size() != Form.size())
        return std::nullopt;
    std::array<int, 5> numbers{};
    std::size_t number = 0;
    for (std::size_t at = 0; at < Form.size(); ++at) {
        const bool digit = text[at] >= '0' && text[at] <= '9';
        if (digit != (Form[at] == '0') || (!digit && text[at] != Form[at]))
            return std::nullopt;
        if (digit)
            numbers[number] = numbers[number] * 10 + (text[at] - '0');
        else
            ++number;
    }
    const LocalMinute time{numbers[2], numbers[1], numbers[0], numbers[3], numbers[4]};
    return isInCalendar(time) ? std::optional(time) : std::nullopt;
}

std::string writeLibreOfficeTime(const LocalMinute &time)
{
    return withZeros(time.day, 2) + '.' + withZeros(time.month, 2) + '.' + withZeros(time.year, 4) + ' '
           + withZeros(time.hour, 2) + ':' + withZeros(time.minute, 2);
}

std::string libreOfficeLockName(std::string_view documentName)
{
    return std::string(LockPrefix).append(documentName).append(Suffix);
}

std::string libreOfficeSharingName(std::string_view documentName)
{
    return std::string(SharingPrefix).append(documentName).append(Suffix);
}

std::optional<std::string_view> documentOfLibreOfficeLock(std::string_view name)
{
    if (name.size() <= LockPrefix.size() + Suffix.size() || !name.starts_with(LockPrefix) || !name.ends_with(Suffix))
        return std::nullopt;
    return name.substr(LockPrefix.size(), name.size() - LockPrefix.size() - Suffix.size());
}

} // namespace Holdfast::records
