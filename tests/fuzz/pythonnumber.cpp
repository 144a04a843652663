// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/pythonnumber.h"

#include "property.h"
#include "records/canonical.h"

#include <cmath>
#include <cstring>

using namespace Holdfast::records;

namespace {

void integers(const std::string &text)
{
    const auto integer = readInteger(text);
    const auto process = readProcess(text);
    promise(integer || !process, "a process is an integer");
    if (!integer)
        return;
    promise(isCanonicalNumber(*integer), "an integer is canonical");
    promise(readInteger(*integer) == integer, "an integer comes back");
    promise(!process || std::to_string(*process) == *integer, "a process is that integer");
    promise(readPythonNumber(text).has_value(), "an integer is a number");
    promise(!readInteger(" " + text) && !readInteger(text + "\n"), "an integer is digits and nothing else");
}

void numbers(const std::string &text, double any)
{
    const bool isRead = std::isfinite(any) && !std::signbit(any);
    promise(!isRead || readPythonNumber(pythonNumber(any)) == any, "every number that is not negative comes back");
    const auto number = readPythonNumber(text);
    if (!number)
        return;
    promise(!std::isnan(*number) && !std::signbit(*number), "no number is negative");
    promise(std::isinf(*number) || readPythonNumber(pythonNumber(*number)) == number, "what was read comes back");
    promise(!readPythonNumber(text + "_") && !readPythonNumber("_" + text), "a number is nothing but a number");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(asText(data, size));
    double any = 0;
    if (size >= sizeof any)
        std::memcpy(&any, data, sizeof any);
    integers(text);
    numbers(text, any);
    return 0;
}
