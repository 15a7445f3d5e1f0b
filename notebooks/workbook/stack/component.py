"""One of Airflow's four processes, as its supervisor starts, watches and ends it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from workbook.stack.place import Place


class Component:
    """One of Airflow's four processes, the leader of a process group of its own."""

    def __init__(self, name: str, place: Place) -> None:
        self.name = name
        self.place = place
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.returncode: int | None = None

    def start(self, arguments: list[str], environment: Mapping[str, str]) -> None:
        """Start it; its output is appended to its log."""
        self.started = time.time()
        self.returncode = None
        noting = self.name == "dag-processor"  # where each file's parse is noted
        command = ["workbook.stack.dag_processor"] if noting else ["airflow", self.name]
        with self.place.log(self.name).open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command, *arguments],
                env=dict(environment),
                cwd=self.place.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def look(self) -> None:
        """Notice whether it has ended."""
        if self.process is not None:
            self.returncode = self.process.poll()

    def signal(self, number: int) -> None:
        """Send a signal to the process and to those it started, also when it is dead and they are not."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: a group of zombies
                os.killpg(self.process.pid, number)

    def report(self) -> dict[str, Any]:
        """Its state, for the notebooks."""
        pid = self.process.pid if self.process else None
        return {"pid": pid, "returncode": self.returncode, "started": self.started}
