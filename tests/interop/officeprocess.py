# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
"""The real LibreOffice, without windows and with a profile of its own: reads a command a line, answers with a line each.

Arguments: soffice.bin, and a folder for the profile.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue


def end_with_parent():
    """A killed test shall not leave an office behind (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def start():
    return subprocess.Popen(
        [sys.argv[1], "--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{sys.argv[2]}",
         f"--accept=pipe,name={PIPE};urp;"],
        preexec_fn=end_with_parent, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def connect():
    """The desktop, once it answers. With a new profile the office may end first, to be started again."""
    global office
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        if office.poll() is not None:
            office = start()
        try:
            remote = resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:  # not yet
            time.sleep(0.1)
    sys.exit("LibreOffice does not answer")


PIPE = f"holdfast-test-{os.getpid()}"
office = start()
desktop = connect()
document = None
print("ready", flush=True)
for line in sys.stdin:
    verb, _, rest = line.rstrip("\n").partition(" ")
    if verb == "open":
        hidden = PropertyValue("Hidden", 0, True, 0)
        document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(rest), "_blank", 0, (hidden,))
        print("refused" if document is None else "read-only" if document.isReadonly() else "writable", flush=True)
    elif verb == "close":
        document.close(True)
        print("closed", flush=True)
    elif verb == "crash":
        office.kill()
        office.wait()
        print("crashed", flush=True)
office.kill()
