"""Run a command of the lesson as a learner would in a terminal, and show what it said."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from workbook.progress import progress

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Done:
    """What a command did.

    Attributes:
        status: its exit status.
        said: what it wrote, to both of its outputs.
    """

    status: int
    said: str


def run(command: str, folder: Path | str) -> Done:
    """Run a command in a folder; print it, what it says, and its exit status.

    Args:
        command: as in a terminal. A first word ``python`` is the Python that runs the lesson; nothing is expanded.
        folder: where it runs; paths in the command are relative to it.

    Returns:
        The exit status, whatever it is, and what the command said.
    """
    words = shlex.split(command)
    if words[0] == "python":
        words[0] = sys.executable
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKBOOK_")}
    with progress("The command runs"):
        done = subprocess.run(
            words,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    said = f"$ {command}\n{done.stdout.rstrip()}\nexit status {done.returncode}"
    # the port of a service is another one in each run
    print(ADDRESS.sub(lambda found: f"«{found.group()}»", said.replace("\n\n", "\n")))
    return Done(done.returncode, done.stdout)
