"""Where one Airflow of the workbook lives: its files, and its processes, which carry a mark in their environment.

Notebooks and the supervisor agree on these, and neither needs the other's code for it.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import psutil

from workbook.stack.parses import NOTES

COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
SLOTS = 4
"""How many tasks run at a time, ``[core] parallelism``, unless a notebook asks for another number."""
MARKER = "WORKBOOK_STACK"
GRACE_SECONDS = 2.0
"""How long Airflow waits for another notebook when nobody holds the lifeline: long enough to restart a kernel."""
ALREADY_SUPERVISED = 75
"""The exit status of a supervisor that finds another one at work."""


@dataclass(frozen=True)
class Place:
    """The files of one Airflow, all in one folder.

    Args:
        folder: ``.workbook/airflow``.
    """

    folder: Path

    @property
    def attaching(self) -> Path:
        """Lock, held for a moment to attach, start or end."""
        return self.folder / "attaching.lock"

    @property
    def living(self) -> Path:
        """Lock, held by the supervisor while it lives; files of a dead one are not mistaken for those of a live one."""
        return self.folder / "living.lock"

    @property
    def lifeline(self) -> Path:
        """Named pipe, from the notebooks to the supervisor."""
        return self.folder / "lifeline"

    @property
    def state(self) -> Path:
        """What the supervisor says about itself, as JSON, replaced as a whole."""
        return self.folder / "state.json"

    @property
    def dags(self) -> Path:
        """Airflow's DAG folder."""
        return self.folder / "dags"

    @property
    def plugins(self) -> Path:
        """Airflow's plugin folder: what lies there can be imported by each of its parts."""
        return self.folder / "plugins"

    @property
    def metrics(self) -> Path:
        """Airflow's StatsD lines, as `workbook.stack.metrics` keeps them."""
        return self.folder / "metrics"

    @property
    def parses(self) -> Path:
        """What the DAG processor has parsed, as `workbook.stack.parses` reads it."""
        return self.folder / NOTES

    def log(self, component: str) -> Path:
        """The log of a component, or of ``supervisor``."""
        return self.folder / f"{component}.log"

    def clear(self) -> None:
        """Remove what a former Airflow left."""
        ours = {self.attaching, self.living, self.lifeline, self.state, self.log("supervisor")}
        for item in self.folder.iterdir():
            if item in ours:
                continue
            if item.is_dir() and not item.is_symlink():
                shutil.rmtree(item)
            else:
                item.unlink()


def processes_of(folder: Path) -> list[psutil.Process]:
    """The living processes of the Airflow in ``folder``, its supervisor and its tasks included."""
    mark = f"{folder.resolve()}#"
    processes = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARKER, "").startswith(mark):
                processes.append(process)
    return processes


def sweep(folder: Path, spare: Collection[int] = ()) -> None:
    """Kill every process of the Airflow in ``folder``, except ``spare``, until none is left."""
    while processes := [process for process in processes_of(folder) if process.pid not in spare]:
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(processes, timeout=1)
