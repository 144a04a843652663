// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "terminal.h"

#include <cstdio>
#include <filesystem>

namespace {

// A character device that is not the one for nothing.
bool isTerminal()
{
    std::error_code ignored;
    return std::filesystem::is_character_file("/dev/stdout", ignored)
           && !std::filesystem::equivalent("/dev/stdout", "/dev/null", ignored);
}

bool wantsColour()
{
    return qEnvironmentVariableIsEmpty("NO_COLOR") && qgetenv("TERM") != "dumb" && isTerminal();
}

} // namespace

QString Terminal::in(Colour colour, const QString &text)
{
    static const bool coloured = wantsColour();
    static constexpr const char *Codes[] = {"", "1", "2", "31", "32", "33", "35", "36"};
    return coloured && colour != Plain ? QString("\033[%1m%2\033[0m").arg(Codes[colour], text) : text;
}

void Terminal::print(const QString &line)
{
    std::puts(qPrintable(line));
    std::fflush(stdout);
}
