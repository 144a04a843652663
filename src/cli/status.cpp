// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/status.h"

#include "cli/arguments.h"
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
    const auto inspection = options.server ? inspect(*options.server, options.file, &exitCode)
                                           : inspect(options.file, FinalLink::Follow, &exitCode);
    if (!inspection)
        return exitCode;
    const OwnerFileList owners = options.server ? OwnerFileList() : ownerFiles(options.file);
    const bool isTaken = inspection->isHeld() || owners.inTheWay().isInTheWay();
    const int otherwise = isBlocked(owners) ? ExitCode::CannotOpen : ExitCode::Success;
    const QString text = options.form == Form::Json ? inspectionJson(options.file, *inspection, owners)
                                                    : inspectionText(options.file, *inspection, owners);
    return printAndEnd(text, isTaken ? ExitCode::Held : otherwise);
}

} // namespace Holdfast::Cli
