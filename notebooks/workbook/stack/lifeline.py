"""Run a command that must not outlive the process that asked for it: ``python -m workbook.stack.lifeline COMMAND …``.

The asking process keeps the other end of this one's standard input. However it ends, by an interrupt, a restart
or a kill, the system closes that end, and the command and everything that it started is ended with it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

import psutil

GRACE_SECONDS = 3


def main(command: list[str]) -> int:
    """Run ``command`` until it ends by itself or standard input closes; return its exit status."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # only the lifeline ends it
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_heed_signals
    )
    threading.Thread(target=_end_with_parent, args=(child.pid,), daemon=True).start()
    return child.wait()


def _heed_signals() -> None:
    """Undo in the child what its parent ignores: ignored signals are inherited."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_DFL)


def _end_with_parent(pid: int) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass  # nothing is ever sent; only the end of it counts
    end_tree(pid)


def end_tree(pid: int) -> None:
    """End a process and all its descendants: politely first, for good after ``GRACE_SECONDS``."""
    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        family = [*top.children(recursive=True), top]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        _, alive = psutil.wait_procs(family, timeout=GRACE_SECONDS)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
