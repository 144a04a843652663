# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
"""The other process, with Python's filelock: reads a command a line, answers with a line each."""

import sys

from filelock import FileLock, SoftFileLock, Timeout

lock = (SoftFileLock if sys.argv[2:] == ["soft"] else FileLock)(sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    verb, *rest = line.split()
    if verb == "acquire":
        try:
            lock.acquire(timeout=float(rest[0]))
            print("acquired", flush=True)
        except Timeout:
            print("timedOut", flush=True)
    elif verb == "release":
        lock.release()
        print("released", flush=True)
    elif verb == "count":  # adds to a number in a file, so many times, each under the lock
        for _ in range(int(rest[1])):
            with lock:
                with open(rest[0], "r+") as file:
                    value = int(file.read() or 0)
                    file.seek(0)
                    file.write(str(value + 1))
        print("counted", flush=True)
