// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/arguments.h"
#include "cli/breaker.h"
#include "cli/exitcode.h"
#include "cli/output.h"
#include "cli/program.h"
#include "cli/status.h"

#include <algorithm>

int main(int argc, char **argv)
{
    using namespace Holdfast::Cli;
    prepareProcess();
    const Request request = parse(QByteArrayList(argv + std::min(argc, 1), argv + argc));
    if (const auto *run = std::get_if<RunOptions>(&request))
        return runCommand(*run, argc, argv);
    if (const auto *edit = std::get_if<EditOptions>(&request))
        return runEditor(*edit, argc, argv);
    if (const auto *instance = std::get_if<InstanceOptions>(&request))
        return runInstance(*instance, argc, argv);
    if (const auto *status = std::get_if<StatusOptions>(&request))
        return showStatus(*status, argc, argv);
    if (const auto *options = std::get_if<BreakOptions>(&request))
        return breakFile(*options);
    if (const auto *text = std::get_if<TextToShow>(&request))
        return printAndEnd(text->text, ExitCode::Success);
    complain(std::get<UsageError>(request).sentence);
    return ExitCode::Usage;
}
