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

ADDRESS = re.compile(r"(http://)?127\.0\.0\.1:\d+")
GIT = {
    "LC_ALL": "C",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "learner" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}
"""A lesson's own git: it speaks English, and goes by nobody's settings."""


@dataclass(frozen=True)
class Done:
    """What a command did.

    Attributes:
        status: its exit status.
        said: what it wrote, to both of its outputs.
    """

    status: int
    said: str


def run(command: str, folder: Path | str, last: int | None = None) -> Done:
    """Run a command in a folder; print it, what it says, with paths below the folder, and its exit status.

    Args:
        command: as in a terminal. A first word ``python`` is the Python that runs the lesson; nothing is expanded.
        folder: where it runs; paths in the command are relative to it.
        last: print only so many lines of what it says, the last ones.

    Returns:
        The exit status, whatever it is, and what the command said.
    """
    words = shlex.split(command)
    if words[0] == "python":
        words[0] = sys.executable
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WORKBOOK_", "GIT_"))}
    environment = {**kept, **GIT} if words[0] == "git" else kept
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
    lines = done.stdout.rstrip().splitlines()
    shown = lines if last is None or len(lines) <= last else ["…", *lines[-last:]]
    said = "\n".join([f"$ {command}", *shown, f"exit status {done.returncode}"])
    said = said.replace(f"{Path(folder).resolve()}/", "")
    # the port of a service is another one in each run
    print(ADDRESS.sub(lambda found: f"«{found.group()}»", said.replace("\n\n", "\n")))
    return Done(done.returncode, done.stdout)
