# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
"""The other process, with the very statements of the ReadWriteLock of Python's filelock (Debian's is too old to have it).
Reads a command a line, answers with a line each."""

import fcntl
import os
import sqlite3
import sys
import time

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


class Slow:
    """A writer in SQLite's steps, byte for byte, each at a word of command: so he can be met half way."""

    PENDING, RESERVED, SHARED = (0x40000000, 1), (0x40000001, 1), (0x40000002, 510)

    def __init__(self):
        self.file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)

    def lock(self, how, place):
        try:
            fcntl.lockf(self.file, how, place[1], place[0])
        except OSError:
            return False
        return True

    def enter(self):
        self.lock(fcntl.LOCK_SH | fcntl.LOCK_NB, self.PENDING)
        entered = self.lock(fcntl.LOCK_SH | fcntl.LOCK_NB, self.SHARED)
        self.lock(fcntl.LOCK_UN, self.PENDING)
        return entered

    def reserve(self):
        return self.lock(fcntl.LOCK_EX | fcntl.LOCK_NB, self.RESERVED)

    def finish(self, seconds):
        end = time.monotonic() + seconds
        alone = fcntl.LOCK_EX | fcntl.LOCK_NB
        while not (self.lock(alone, self.PENDING) and self.lock(alone, self.SHARED)):
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True


slow = None
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
    elif verb == "enter":
        slow = Slow()
        print("entered" if slow.enter() else "busy", flush=True)
    elif verb == "reserve":
        print("reserved" if slow.reserve() else "busy", flush=True)
    elif verb == "finish":
        print("acquired" if slow.finish(float(rest[0])) else "busy", flush=True)
    elif verb == "leave":
        os.close(slow.file)
        print("left", flush=True)
    elif verb == "sql":  # any program on the file
        other = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            other.execute(line.split(" ", 1)[1]).close()
            print("done", flush=True)
        except sqlite3.OperationalError as error:
            print(f"refused {error}", flush=True)
        other.close()
