# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
"""The other process, with the very statements of the ReadWriteLock of Python's filelock (Debian's is too old to have it).
Reads a command a line, answers with a line each."""

import sqlite3
import sys

path = sys.argv[1]
connection = None


def begin(mode, seconds):
    """As filelock does: a new connection each time, which SQLite waits for; None: busy."""
    made = sqlite3.connect(path, isolation_level=None)
    try:
        made.execute(f"PRAGMA busy_timeout={int(seconds * 1000)};").close()
        made.execute("PRAGMA journal_mode=MEMORY;").close()
        if mode == "read":
            made.execute("BEGIN TRANSACTION;").close()
            made.execute("SELECT name FROM sqlite_schema LIMIT 1;").close()
        else:
            made.execute("BEGIN EXCLUSIVE TRANSACTION;").close()
    except sqlite3.OperationalError as error:
        made.close()
        if "database is locked" in str(error):
            return None
        raise
    return made


print("ready", flush=True)
for line in sys.stdin:
    verb, *rest = line.split()
    if verb in ("read", "write"):
        connection = begin(verb, float(rest[0]))
        print("acquired" if connection else "busy", flush=True)
    elif verb == "release":
        connection.rollback() if connection.in_transaction else None
        connection.close()
        connection = None
        print("released", flush=True)
    elif verb == "sql":  # any program on the file
        other = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            other.execute(line.split(" ", 1)[1]).close()
            print("done", flush=True)
        except sqlite3.OperationalError as error:
            print(f"refused {error}", flush=True)
        other.close()
