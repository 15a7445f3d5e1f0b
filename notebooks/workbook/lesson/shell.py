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
"""A lesson's own git: in English, and without the settings of the user."""


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
    """Run a command in a folder; print it, its output with paths below the folder, and its exit status.

    Args:
        command: as in a terminal. A first word ``python`` is the Python that runs the lesson; nothing is expanded.
        folder: where it runs; paths in the command are relative to it.
        last: print only so many lines of its output, the last ones.

    Returns:
        The exit status, whatever it is, and the whole output.
    """
    words = shlex.split(command)
    if words[0] == "python":
        words[0] = sys.executable
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("WORKBOOK_", "GIT_"))
    }
    environment = {**variables, **GIT} if words[0] == "git" else variables
    with progress("Running the command"):
        result = subprocess.run(
            words,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    lines = result.stdout.rstrip().splitlines()
    shown = lines if last is None or len(lines) <= last else ["…", *lines[-last:]]
    text = "\n".join([f"$ {command}", *shown, f"exit status {result.returncode}"])
    text = text.replace(f"{Path(folder).resolve()}/", "")
    # the port of a service is another one in each run
    print(ADDRESS.sub(lambda match: f"«{match.group()}»", text.replace("\n\n", "\n")))
    return Done(result.returncode, result.stdout)
