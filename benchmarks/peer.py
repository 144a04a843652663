# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
"""The worker of worker.h once more, with Python's filelock and its defaults."""

import os
import sqlite3
import sys
import time

import filelock


class Statements:
    """Those of its ReadWriteLock, which Debian 12's version does not have: a connection for each hold."""

    def __init__(self, path, mode):
        self.path, self.connection = path, None
        self.begin = ("BEGIN", "SELECT name FROM sqlite_schema LIMIT 1") if mode == "read" else ("BEGIN EXCLUSIVE",)

    def acquire(self, timeout=1999999):
        self.connection = sqlite3.connect(self.path, isolation_level=None, cached_statements=0)
        for statement in (f"PRAGMA busy_timeout={timeout * 1000}", "PRAGMA journal_mode=MEMORY", *self.begin):
            self.connection.execute(statement).close()

    def release(self):
        self.connection.rollback()
        self.connection.close()


class DatabaseLock:
    def __init__(self, path, mode):
        self.lock = filelock.ReadWriteLock(path)
        self.take = self.lock.acquire_read if mode == "read" else self.lock.acquire_write

    def acquire(self, timeout=-1):
        self.take(timeout=timeout)

    def release(self):
        self.lock.release()


def make_lock(path, kind):
    family, _, mode = kind.partition("-")
    if family == "filelock":
        return (filelock.SoftFileLock if mode == "soft" else filelock.FileLock)(path)
    has_class = family == "database" and hasattr(filelock, "ReadWriteLock")
    return (DatabaseLock if has_class else Statements)(path, mode)


lock = make_lock(*sys.argv[1:3])


def now():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def drop():
    moment = now()
    lock.release()
    say("released", moment)


def hold(nanoseconds):
    lock.acquire()
    say("held")
    time.sleep(int(nanoseconds) / 1e9)
    drop()


def keep():
    lock.acquire()
    say("held")


def wait():
    lock.acquire()
    moment = now()
    lock.release()
    say("got", moment)


def count(times, file):
    descriptor = os.open(file, os.O_RDWR)
    begin = now()
    longest = 0
    for _ in range(int(times)):
        asked = now()
        lock.acquire()
        longest = max(longest, now() - asked)
        number = int.from_bytes(os.pread(descriptor, 8, 0), "little") + 1
        os.pwrite(descriptor, number.to_bytes(8, "little"), 0)
        lock.release()
    end = now()
    say("counted", end, end - begin, longest)


def pairs(times):
    """Uncontended: how long so many of them take."""
    begin = now()
    for _ in range(int(times)):
        lock.acquire(timeout=0)
        lock.release()
    say("took", now() - begin)


VERBS = {verb.__name__: verb for verb in (hold, keep, drop, wait, count, pairs)}
say("ready")
for line in sys.stdin:
    verb, *arguments = line.split()
    VERBS[verb](*arguments)
