// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/help.h"

namespace Holdfast::Cli {

QString programHelp()
{
    return QStringLiteral(R"(Usage: holdfast run [OPTION...] FILE -- COMMAND [ARG...]
       holdfast status [--json] FILE

  run            run a command while holding the lock on FILE
  status         say whether FILE is locked, and by whom, without touching it

  -h, --help     this text; 'holdfast run --help' has the options of a subcommand
  -V, --version  the version

The lock is flock(2)'s: the flock(1) program and Python's filelock see it, too.
)");
}

QString runHelp()
{
    return QStringLiteral(R"(Usage: holdfast run [OPTION...] FILE -- COMMAND [ARG...]

Waits for the lock on FILE, which is created when missing, runs COMMAND and returns its exit status, or
128 and the signal's number when a signal ended it.

  -s, --shared                  share the lock with other shared holders
  -x, -e, --exclusive           be the only holder (default)
  -n, --nb, --nonblock          do not wait
  -w, --wait, --timeout SECONDS wait at most so long; fractions are allowed, 0 is --nonblock
      --poll SECONDS            look so often even when no release is noticed (default 0.05)
  -E, --conflict-exit-code N    exit status when the lock was not had in time (default 1)
  -o, --close                   do not let COMMAND inherit the lock
  -v, --verbose                 say who holds the lock and how long the wait took
  -h, --help                    this text
)");
}

QString statusHelp()
{
    return QStringLiteral(R"(Usage: holdfast status [--json] FILE

Says whether FILE is locked, and by whom. Nothing is created, opened or locked. The exit status is 0 when
it is free, 1 when it is held, more when that cannot be told.

      --json     as one JSON object: file, state, mode, holder
  -h, --help     this text
)");
}

QString versionText()
{
    return QStringLiteral("holdfast " HOLDFAST_VERSION "\n");
}

} // namespace Holdfast::Cli
