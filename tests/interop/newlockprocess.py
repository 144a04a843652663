# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
"""The other process, with version 4 of Python's filelock: newlockprocess.py FOLDER KIND PATH [OPTION=SECONDS...].
Reads a command a line, answers with a line each, and says `lost REASON` by itself."""

import os
import signal
import sys

sys.path.insert(0, sys.argv[1])
import filelock  # noqa: E402 (the one in FOLDER, which is newer than the system's)

Classes = {
    "file": filelock.FileLock,
    "soft": filelock.SoftFileLock,
    "marker": filelock.MarkerSoftFileLock,
    "lease": filelock.SoftFileLease,
    "strict": filelock.StrictSoftFileLock,
    "sqlite-rw": filelock.ReadWriteLock,
    "soft-rw": filelock.SoftReadWriteLock,
}
kind, path = sys.argv[2:4]
options = {key: float(value) for key, value in (option.split("=") for option in sys.argv[4:])}


def say(*words):
    print(*words, flush=True)


if kind == "lease":
    options |= {"thread_local": False, "on_compromise": lambda loss: say("lost", loss.reason)}
lock = Classes[kind](path, **options)


def acquire(verb, seconds):
    """The verb is acquire, acquire_read or acquire_write: a method of the lock."""
    try:
        getattr(lock, verb)(timeout=float(seconds))
    except filelock.Timeout:
        return "timedOut"
    return "acquired"


def count(verb, file, times):
    """Adds to a number in a file, so many times, each under the lock."""
    for _ in range(int(times)):
        getattr(lock, verb)(timeout=120)
        with open(file, "r+") as opened:
            value = int(opened.read() or 0)
            os.sched_yield()  # whoever comes between would show
            opened.seek(0)
            opened.write(str(value + 1))
        lock.release()
    return "counted"


def obey(verb, *words):
    if verb.startswith("acquire"):
        return acquire(verb, *words)
    if verb == "release":
        lock.release()
        return "released"
    if verb == "count":
        return count(*words)
    if verb == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if verb == "claims":  # of a strict lock
        return " ".join(f"{claim.state}:{claim.pid}@{claim.hostname}" for claim in lock.claims)
    if verb == "break":
        lock.force_break(*words)
        return "broken"
    if verb == "owner":  # of a lock whose marker has keys
        return lock.owner and f"{lock.owner.pid}@{lock.owner.hostname} {lock.owner.mode} {lock.owner.lease_duration}"
    return getattr(lock, verb)  # pid, is_lock_held_by_us, ...


say("ready")
for line in sys.stdin:
    try:
        say(obey(*line.split()))
    except Exception as error:  # noqa: BLE001 (whatever it is, the test wants to see it)
        say("failed", type(error).__name__, str(error).replace("\n", " "))
