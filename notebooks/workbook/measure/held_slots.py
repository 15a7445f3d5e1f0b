"""The worker slots of a real run: who held them from when to when, and what the processes on them cost."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import psutil

from workbook.progress import progress
from workbook.waits import wait_until

if TYPE_CHECKING:
    from workbook.stack import Airflow


def stays(tasks: pd.DataFrame, jobs: pd.DataFrame, slots: int) -> pd.DataFrame:
    """Lay the task instances of some runs out on the slots that they held.

    Airflow does not say which slot a task had, so each gets the one that has been free for longest.

    Args:
        tasks: from `workbook.stack.runs.Runs.tasks`, all of them ended.
        jobs: from the job service, to tell apart in each stay the work and the waiting for a job.
        slots: how many there are.

    Returns:
        A row per part of a stay, as `workbook.models.waiting.Outcome.timeline` has them: ``slot`` (from 0), ``job``
        (the task's id), ``begin``, ``end`` (seconds since the first task could run), ``waits``.
    """
    spans = {
        key.rpartition("/")[0]: span
        for key, *span in jobs[["key", "started", "ended"]].itertuples(index=False)
    }
    free = [pd.Timestamp.min.tz_localize("UTC")] * slots
    origin, rows = tasks.scheduled.min(), []
    task: Any
    for task in tasks.sort_values(["start", "task_id"]).itertuples():
        slot = free.index(min(free))
        free[slot] = task.end
        identity = f"{task.dag_id}/{task.run_id}/{task.task_id}/{task.map_index}"
        for begin, end, waits in _parts(task.start, task.end, spans.get(identity)):
            seconds = [(moment - origin).total_seconds() for moment in (begin, end)]
            rows.append((slot, task.task_id, *seconds, waits))
    return pd.DataFrame(rows, columns=["slot", "job", "begin", "end", "waits"])


def _parts(
    start: pd.Timestamp, end: pd.Timestamp, job: list[pd.Timestamp] | None
) -> Iterator[tuple[pd.Timestamp, pd.Timestamp, bool]]:
    """Work before the job, the waiting for it, work after it; without a job it is all work."""
    job_start, job_end = job or [end, end]
    first, last = min(max(start, job_start), end), min(max(start, job_end), end)
    for begin, until, waits in ((start, first, False), (first, last, True), (last, end, False)):
        if until > begin:
            yield begin, until, waits


@dataclass(frozen=True)
class Held:
    """What the slots that are held cost at a moment.

    Attributes:
        slots: how many are held.
        processes: how many processes hold them.
        megabytes: memory that is theirs alone, together: the system would get it back if they ended.
        computing: how often one of a slot's processes computes, or would if a processor were free; 0.02 for 2 %.
    """

    slots: int
    processes: int
    megabytes: float
    computing: float

    @property
    def megabytes_per_slot(self) -> float:
        """Memory of one held slot."""
        return self.megabytes / self.slots if self.slots else 0.0


def look(airflow: Airflow, minimum: int, *, watch: float = 2.0, seconds: float = 120.0) -> Held:
    """Look at the processes that hold slots; wait some seconds until a minimum is held.

    With the LocalExecutor a slot is a child of the scheduler, and it is held while that child has a child of its
    own: the process of a task.

    Args:
        airflow: with the LocalExecutor.
        minimum: slots that are to be held when this looks; without them it counts those that are.
        watch: seconds over which it looks whether they compute.
        seconds: to wait for ``minimum``.
    """
    scheduler = psutil.Process(airflow.pid("scheduler"))
    slots: list[list[psutil.Process]] = []

    def enough() -> bool:
        slots[:] = _held_below(scheduler)
        return len(slots) >= minimum

    with progress("Watching the processes in the slots"):
        wait_until(enough, seconds)
        processes = [process for slot in slots for process in slot]
        memory = sum(map(_own_bytes, processes)) / 1e6
        looks: list[bool] = []
        end = time.monotonic() + watch
        while time.monotonic() < end:
            looks += [any(map(_computes, slot)) for slot in slots]
            time.sleep(0.05)
    return Held(len(slots), len(processes), memory, sum(looks) / max(1, len(looks)))


def _held_below(scheduler: psutil.Process) -> list[list[psutil.Process]]:
    """For each held slot its processes."""
    slots = []
    for worker in scheduler.children():
        with contextlib.suppress(psutil.Error):
            if tasks := worker.children(recursive=True):
                slots.append([worker, *tasks])
    return slots


def _own_bytes(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.NoSuchProcess):
        try:
            return int(process.memory_full_info().uss)
        except psutil.AccessDenied:  # macOS tells only a figure that counts shared memory too
            return int(process.memory_info().rss)
    return 0


def _computes(process: psutil.Process) -> bool:
    """Whether a process runs or is ready to; the time that it gets would depend on what else the machine does."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(process.status() == psutil.STATUS_RUNNING)
    return False
