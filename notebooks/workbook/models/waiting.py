"""A simulation of worker slots: how long jobs on a remote service keep Airflow busy, for each way to wait for them.

It is a discrete-event simulation (SimPy), calibrated by a few measured runs (`workbook.models.calibration.fit`), so
that a reader can ask what would happen with more jobs, longer jobs, more slots or another way to wait.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import simpy

if TYPE_CHECKING:
    import pandas as pd

Mode = Literal["blocking", "poke", "reschedule", "deferrable", "from_trigger"]
Process = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class Case:
    """What is to be waited for, where, and how.

    Attributes:
        mode: how the tasks wait.
        jobs: how many jobs there are.
        seconds: how long each takes at the service.
        slots: worker slots (``[core] parallelism``).
        poll_interval: seconds between two polls of a job.
        series: one job after the other (``incremental``) instead of all together (``full``).
        cores: how many processes this machine can start at the same time.
        capacity: how many triggers the triggerer runs at the same time (``[triggerer] capacity``).
    """

    mode: Mode
    jobs: int
    seconds: float
    slots: int = 4
    poll_interval: float = 1.0
    series: bool = False
    cores: int = 2
    capacity: int = 1000

    def __post_init__(self) -> None:
        for name in ("jobs", "slots", "cores", "capacity"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if self.seconds < 0 or self.poll_interval <= 0:
            raise ValueError("seconds must not be negative, and poll_interval must be more than 0")

    @property
    def least_seconds(self) -> float:
        """No Airflow can be faster: the jobs take their time, and a job that is waited for in a slot needs the slot."""
        if self.series:
            return self.jobs * self.seconds
        if self.mode == "blocking":
            return math.ceil(self.jobs / self.slots) * self.seconds
        if self.mode in ("deferrable", "from_trigger"):
            at_once = self.capacity if self.mode == "from_trigger" else self.jobs
            return math.ceil(self.jobs / at_once) * self.seconds
        return self.seconds


@dataclass(frozen=True)
class Overheads:
    """What Airflow adds, in seconds; `workbook.models.calibration.fit` measures it on this machine.

    Attributes:
        run: from the request for a run until its first task can be scheduled, and from its last task to its end.
        leg: processor time of one stay in a worker slot: a process starts, imports the DAG file, reports, ends.
        handover: from the moment that a task could go on until the scheduler has sent it to a slot, if one is free.
        trigger: from the moment that a task waits until its trigger runs, and from the trigger's event until
            Airflow has noted it, together.
    """

    run: float = 1.0
    leg: float = 0.3
    handover: float = 0.5
    trigger: float = 1.0


@dataclass(frozen=True)
class Stay:
    """One stay of a task in a worker slot, in seconds from the request for the run."""

    slot: int
    job: int
    begin: float
    end: float
    waits: bool
    """Whether the task only waits for its job in it."""


@dataclass
class Outcome:
    """What the simulation saw.

    Attributes:
        makespan: seconds from the request for the run to its end.
        stays: every stay in a slot.
        spans: for each job, when it began and ended at the service.
        polls: of jobs.
    """

    makespan: float = 0.0
    stays: list[Stay] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    polls: int = 0

    @property
    def slot_seconds(self) -> float:
        """Seconds that slots were held, together."""
        return sum(stay.end - stay.begin for stay in self.stays)

    @property
    def waiting_seconds(self) -> float:
        """Seconds that slots were held by tasks that only waited, together."""
        return sum(stay.end - stay.begin for stay in self.stays if stay.waits)

    @property
    def most_concurrent(self) -> int:
        """How many jobs ran at the service at the same time, at most."""
        return _peak([(begin, end) for begin, end in self.spans])

    @property
    def most_slots(self) -> int:
        """How many slots were held at the same time, at most."""
        return _peak([(stay.begin, stay.end) for stay in self.stays])

    def timeline(self) -> pd.DataFrame:
        """A row per stay: ``slot``, ``job``, ``begin``, ``end``, ``waits``."""
        import pandas as pd

        return pd.DataFrame(map(astuple, self.stays), columns=["slot", "job", "begin", "end", "waits"])


def simulate(case: Case, overheads: Overheads | None = None) -> Outcome:
    """Run a case; the same case gives the same outcome."""
    return _Simulation(case, overheads or Overheads()).run()


class _Simulation:
    """One run of one case."""

    def __init__(self, case: Case, overheads: Overheads) -> None:
        self.case, self.overheads, self.outcome = case, overheads, Outcome()
        self.world = simpy.Environment()
        self.slots = simpy.PriorityResource(self.world, case.slots)
        self.free = list(range(case.slots))
        self.cores = simpy.Resource(self.world, case.cores)
        self.triggerer = simpy.Resource(self.world, case.capacity)

    def run(self) -> Outcome:
        self.world.run(self.world.process(self._all()))
        self.outcome.makespan = self.world.now
        return self.outcome

    def _all(self) -> Process:
        yield self.world.timeout(self.overheads.run / 2)
        wait: Callable[[int], Process] = getattr(self, f"_{self.case.mode}")
        if self.case.series:
            for job in range(self.case.jobs):
                yield self.world.process(wait(job))
        else:
            yield self.world.all_of([self.world.process(wait(job)) for job in range(self.case.jobs)])
        yield self.world.timeout(self.overheads.run / 2)

    # ── the ways to wait ─────────────────────────────────────────────────────────────────────────────────────

    def _blocking(self, job: int) -> Process:
        yield from self._stay(job, then=lambda: self._follow(self._submit()))

    def _poke(self, job: int) -> Process:
        ends: list[float] = []
        yield from self._stay(job, then=lambda: self._note(ends), urgent=True)
        yield from self._stay(job, then=lambda: self._follow(ends[0]))

    def _reschedule(self, job: int) -> Process:
        ends: list[float] = []
        yield from self._stay(job, then=lambda: self._note(ends), urgent=True)
        while True:
            yield from self._stay(job)
            self.outcome.polls += 1
            if self.world.now >= ends[0]:
                return
            yield self.world.timeout(self.case.poll_interval)

    def _deferrable(self, job: int) -> Process:
        ends: list[float] = []
        yield from self._stay(job, then=lambda: self._note(ends))
        yield from self._trigger(lambda: ends[0])
        yield from self._stay(job)

    def _from_trigger(self, job: int) -> Process:
        yield self.world.timeout(self.overheads.handover)
        yield from self._trigger(self._submit)

    # ── their parts ──────────────────────────────────────────────────────────────────────────────────────────

    def _stay(self, job: int, then: Callable[[], Process] | None = None, urgent: bool = False) -> Process:
        """Get a slot and a process, do something, give both back."""
        yield self.world.timeout(self.overheads.handover)
        # Airflow prefers tasks that others wait for: everything is submitted before anything is watched
        with self.slots.request(priority=0 if urgent else 1) as slot:
            yield slot
            with self._numbered() as number:
                begin = self.world.now
                yield from self._compute(self.overheads.leg / 2)
                waiting = self.world.now
                if then:
                    yield from then()
                waited = self.world.now
                yield from self._compute(self.overheads.leg / 2)
                self._record(number, job, [begin, waiting, waited, self.world.now])

    @contextmanager
    def _numbered(self) -> Any:
        number = heapq.heappop(self.free)
        yield number
        heapq.heappush(self.free, number)

    def _record(self, slot: int, job: int, moments: list[float]) -> None:
        for number, (begin, end) in enumerate(itertools.pairwise(moments)):
            if end > begin:
                self.outcome.stays.append(Stay(slot, job, begin, end, waits=number == 1))

    def _compute(self, seconds: float) -> Process:
        with self.cores.request() as core:
            yield core
            yield self.world.timeout(seconds)

    def _submit(self) -> float:
        """Begin a job at the service; it ends without anybody's help."""
        begin = self.world.now
        self.outcome.spans.append((begin, begin + self.case.seconds))
        return begin + self.case.seconds

    def _note(self, ends: list[float]) -> Process:
        ends.append(self._submit())
        return
        yield  # a process that takes no time

    def _follow(self, end: float) -> Process:
        """Ask about a job until it has ended."""
        while self.world.now < end:
            yield self.world.timeout(self.case.poll_interval)
            self.outcome.polls += 1

    def _trigger(self, end: Callable[[], float]) -> Process:
        """Wait in the triggerer, if it has room."""
        with self.triggerer.request() as room:
            yield room
            yield self.world.timeout(self.overheads.trigger / 2)
            self.outcome.polls += 1
            yield from self._follow(end())
            yield self.world.timeout(self.overheads.trigger / 2)


def _peak(spans: list[tuple[float, float]]) -> int:
    changes = sorted([(end, -1) for _, end in spans] + [(begin, 1) for begin, _ in spans])
    now = peak = 0
    for _, change in changes:
        now += change
        peak = max(peak, now)
    return peak
