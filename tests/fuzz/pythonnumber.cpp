// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/pythonnumber.h"

#include "property.h"
#include "records/canonical.h"

#include <cmath>
#include <cstring>

using namespace Holdfast::records;

namespace {

bool same(double one, double other)
{
    return (std::isnan(one) && std::isnan(other)) || (one == other && std::signbit(one) == std::signbit(other));
}

void integers(const std::string &text)
{
    const auto integer = readPythonInteger(text);
    const auto process = readPythonProcess(text);
    promise(integer || !process, "a process is an integer");
    if (!integer)
        return;
    promise(isCanonicalNumber(integer->starts_with('-') ? integer->substr(1) : *integer), "an integer is canonical");
    promise(readPythonInteger(*integer) == integer, "an integer comes back");
    promise(!process || std::to_string(*process) == *integer, "a process is that integer");
    promise(readPythonNumber(text).has_value(), "an integer is a number");
    promise(readPythonInteger(" " + text + "\n") == integer, "blanks around count for nothing");
}

void numbers(const std::string &text, double any)
{
    const auto back = readPythonNumber(pythonNumber(any));
    promise(back && same(*back, any), "every number comes back");
    const auto number = readPythonNumber(text);
    if (!number)
        return;
    const auto again = readPythonNumber(pythonNumber(*number));
    promise(again && same(*again, *number), "what was read comes back");
    promise(!readPythonNumber(text + "_") && !readPythonNumber("_" + text), "an underscore stands between digits");
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
