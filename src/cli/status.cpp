// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/status.h"

#include "cli/arguments.h"
#include "cli/editors.h"
#include "cli/exitcode.h"
#include "cli/inspectionjson.h"
#include "cli/inspectiontext.h"
#include "cli/obstacle.h"
#include "cli/output.h"
#include "cli/program.h"

namespace Holdfast::Cli {

int showStatus(const StatusOptions &options, int &argc, char **argv)
{
    // A connection to a server needs one; files do not, and are looked at faster without.
    const std::unique_ptr<QCoreApplication> application = options.server ? makeApplication(argc, argv) : nullptr;
    int exitCode = ExitCode::Success;
    auto inspection =
        options.server ? inspect(*options.server, options.file, &exitCode) : inspect(options.file, &exitCode);
    if (!inspection)
        return exitCode;
    if (!options.server)
        addEditors(options.file, *inspection);
    const QString text = options.form == Form::Json ? inspectionJson(options.file, *inspection)
                                                    : inspectionText(options.file, *inspection);
    return printAndEnd(text, inspection->isHeld() ? ExitCode::Held : ExitCode::Success);
}

} // namespace Holdfast::Cli
