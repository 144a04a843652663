// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/help.h"

namespace Holdfast::Cli {

QString programHelp()
{
    return QStringLiteral(R"(Usage: holdfast run [OPTION...] FILE -- COMMAND [ARG...]
       holdfast edit [--wait SECONDS] DOCUMENT -- COMMAND [ARG...]
       holdfast status [--json] FILE
       holdfast break [--force] [--claim NAME]... FILE
       holdfast instance [OPTION...] --key KEY -- COMMAND [ARG...]

  run            run a command while holding the lock on FILE
  edit           run an editor while no other one has DOCUMENT, and say who has it otherwise
  status         say whether FILE is locked, or a document that is edited, how and by whom, without touching it
  break          remove the files of a lock whose holder is gone, or is to lose it
  instance       run a command once; later starts hand their arguments to the one that runs

  -h, --help     this text; 'holdfast run --help' has the options of a subcommand
  -V, --version  the version

The lock is flock(2)'s: the flock(1) program and Python's filelock see it, too. The other kinds that 'holdfast run
--kind' offers are made of files alone, as Python's filelock makes them.
)");
}

QString runHelp()
{
    return QStringLiteral(R"(Usage: holdfast run [OPTION...] FILE -- COMMAND [ARG...]

Waits for the lock on FILE, which is created when missing, runs COMMAND and returns its exit status, or
128 and the signal's number when a signal ended it. With --database, FILE is any name.

  -k, --kind KIND               file (default), rw (SQLite's), or, of files alone: soft, lease, strict, soft-rw
  -s, --shared                  share the lock with other shared holders (kinds file, rw and soft-rw)
  -x, -e, --exclusive           be the only holder (default)
      --read, --write           the same two, for rw and soft-rw; without --kind they mean rw
      --database ADDRESS        take the lock on that server: postgresql://user@host:port/database; the password
                                comes from PGPASSWORD or ~/.pgpass
  -n, --nb, --nonblock          do not wait
  -w, --wait, --timeout SECONDS wait at most so long; fractions are allowed, 0 is --nonblock
      --poll SECONDS            look so often even when no release is noticed (default 0.05; rw, soft-rw 0.25)
      --lifetime SECONDS        let go of the lock after so long, even if COMMAND still runs
      --lease SECONDS           how long a lease lasts when its holder gives no sign of life (default 30)
      --on-loss tell|terminate  what to do when the lock is lost under COMMAND (default terminate for lease,
                                soft-rw and servers, else tell)
  -E, --conflict-exit-code N    exit status when the lock was not had in time (default 1)
  -o, --close                   do not let COMMAND inherit the lock
  -v, --verbose                 say who holds the lock and how long the wait took
  -h, --help                    this text
)");
}

QString editHelp()
{
    return QStringLiteral(R"(Usage: holdfast edit [OPTION...] DOCUMENT -- COMMAND [ARG...]

Runs COMMAND while nobody else edits DOCUMENT, and returns its exit status, or 128 and the signal's number when
a signal ended it. Who uses the Holdfast library (DocumentLock), LibreOffice, Microsoft Office, Emacs or Vim on
it is seen, and sees this. Else it says who has it, and the exit status is 1.

  -w, --wait SECONDS  wait at most so long until he has finished; fractions are allowed
      --take-over     run COMMAND although somebody has it, unless he is seen to live
  -h, --help          this text

COMMAND is for an editor that looks for no locks itself: LibreOffice would take this lock for somebody else's.
It inherits the lock, and keeps it until it ends when holdfast alone is killed.
)");
}

QString statusHelp()
{
    return QStringLiteral(R"(Usage: holdfast status [--json] [--database ADDRESS] FILE

Says whether FILE is locked, by what kind of lock, and by whom; and whether LibreOffice, Microsoft Office, Emacs
or Vim have left a file beside it that says that somebody edits it. Nothing is created or locked. The exit status
is 0 when it is free or only dead owners' files are left, 1 when it is held or edited, more when that cannot be
told.

      --database ADDRESS
                 the lock called FILE on that server, as for 'holdfast run'
      --json     as one JSON object: file, family, state, held, mode, holder, holders, remarks,
                 owner_files
  -h, --help     this text
)");
}

QString breakHelp()
{
    return QStringLiteral(R"(Usage: holdfast break [OPTION...] FILE

Shows who holds the lock on FILE and, when you say yes, removes his marker or claims, if they still are what
was shown. If he lives he loses the lock. One of the operating system's cannot be broken. The exit status is 0
when it is done or there is nothing to break, 1 when nothing or not all of it is broken.

  -f, --force                   do not ask
      --claim, --marker NAME    only this one, as 'holdfast status' names it; may be given several times
  -h, --help                    this text
)");
}

QString instanceHelp()
{
    return QStringLiteral(R"(Usage: holdfast instance [OPTION...] --key KEY -- COMMAND [ARG...]

The first start runs COMMAND and returns its exit status, as 'holdfast run' does. While it runs, a later start with
the same KEY runs nothing: it hands its ARGs to the first one, and returns 0 when they have arrived.

  -k, --key KEY             any text that names what is to run once
      --scope user|session|system
                            once for each user (default), login session, or machine
      --access user|everyone
                            who takes part: this user (default), or whoever may use the directory
      --directory DIR       where the instances meet (default: the user's runtime directory)
  -l, --lines               the first start writes a line of JSON for each later one to COMMAND's standard input
      --handler PROGRAM     or runs PROGRAM, as found by the first one, with the ARGs of each later one, in its directory
  -b, --block               a later start waits until PROGRAM, or else COMMAND, has ended, and returns its exit status
  -w, --timeout SECONDS     how long the first one may be silent (default 5)
      --if-silent fail|wait|run
                            then end with status 75 (default), go on waiting, or run COMMAND anyway
  -v, --verbose             say what happens
  -h, --help                this text

When holdfast alone is killed, COMMAND goes on and keeps its place: until it ends, a later start says that nobody answers.
)");
}

QString versionText()
{
    return QStringLiteral("holdfast " HOLDFAST_VERSION "\n");
}

} // namespace Holdfast::Cli
