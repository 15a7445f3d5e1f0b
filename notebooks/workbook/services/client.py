"""A notebook's handle of a service: start and stop it, turn its knobs, read its counters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbook.progress import progress
from workbook.services.process import Service, ServiceError
from workbook.waits import wait_until

if TYPE_CHECKING:  # the server process imports this package too, and starts faster without them
    import pandas as pd

    from pipelines.config import PipelineConfig


def config_service(
    pipelines: int | Sequence[PipelineConfig] = 200,
    *,
    latency: float = 0.020,
    error_rate: float = 0.0,
    seed: int | None = None,
) -> ConfigService:
    """The configuration service, to be used in a ``with`` or kept over several cells with ``.start()``.

    Args:
        pipelines: how many configurations it knows, or the configurations themselves.
        latency: seconds that it takes to answer with one configuration.
        error_rate: share of these answers that are a 500 instead; 0.25 makes it every fourth.
        seed: of the generated configurations; without one, those of the committed catalog come first.

    Returns:
        A handle that is not started yet.
    """
    return ConfigService(pipelines, {"latency": latency, "error_rate": error_rate}, seed)


def job_service(
    *, seconds: float = 10.0, fail_rate: float = 0.0, latency: float = 0.0, error_rate: float = 0.0
) -> JobService:
    """The remote job service, to be used in a ``with`` or kept over several cells with ``.start()``.

    Args:
        seconds: how long a job takes that does not say.
        fail_rate: share of the jobs that fail; 0.25 makes it every fourth.
        latency: seconds that each answer takes.
        error_rate: share of the answers that get lost and are a 500 instead.

    Returns:
        A handle that is not started yet.
    """
    return JobService(
        {"seconds": seconds, "fail_rate": fail_rate, "latency": latency, "error_rate": error_rate}
    )


class ConfigService(Service):
    """Handle of the configuration service; made by `config_service`."""

    name = "configuration service"

    def __init__(
        self, pipelines: int | Sequence[PipelineConfig], knobs: dict[str, float], seed: int | None
    ) -> None:
        super().__init__(knobs)
        self._pipelines, self._seed = pipelines, seed

    @property
    def requests(self) -> int:
        """How often a single configuration was asked for."""
        return self._counters()["requests"]

    @property
    def lists(self) -> int:
        """How often the list of ids was asked for."""
        return self._counters()["lists"]

    @property
    def errors(self) -> int:
        """How many answers were a 500."""
        return self._counters()["errors"]

    @property
    def most_concurrent(self) -> int:
        """How many requests for a configuration it answered at the same time, at most."""
        return self._counters()["most_concurrent"]

    def _spec(self) -> dict[str, Any]:
        from workbook.catalog import configurations

        seeded = {} if self._seed is None else {"seed": self._seed}
        configs = (
            configurations(self._pipelines, **seeded) if isinstance(self._pipelines, int) else self._pipelines
        )
        return {
            "kind": "configurations",
            "configurations": [each.model_dump(mode="json") for each in configs],
            "knobs": self._knobs,
        }


class JobService(Service):
    """Handle of the remote job service; made by `job_service`."""

    name = "remote job service"
    _last_paths = ("/", "/records")

    @property
    def submissions(self) -> int:
        """How many jobs it began."""
        return self._counters()["submissions"]

    @property
    def submits(self) -> int:
        """How many requests to begin a job it got; more than `submissions` when clients repeat a request."""
        return self._counters()["submits"]

    @property
    def polls(self) -> int:
        """How many requests for the state of a job it got."""
        return self._counters()["polls"]

    @property
    def cancels(self) -> int:
        """How many running jobs were cancelled."""
        return self._counters()["cancels"]

    @property
    def errors(self) -> int:
        """How many answers were a 500."""
        return self._counters()["errors"]

    @property
    def concurrent(self) -> int:
        """How many jobs run at this moment."""
        return self._counters()["running"]

    @property
    def most_concurrent(self) -> int:
        """How many jobs ran at the same time, at most."""
        return max(self._steps().values(), default=0)

    def finish(self) -> None:
        """End every job that runs now, as it would have ended later: a lesson does not have to wait for a long job."""
        self._ask("/finish", {})

    def jobs(self) -> pd.DataFrame:
        """A row per job: id, key, name, state, seconds, polls, started, ended (UTC; NaT while it runs)."""
        import pandas as pd

        columns = ["id", "key", "name", "state", "seconds", "polls", "started", "ended"]
        table = pd.DataFrame(self._ask("/records"), columns=columns)
        for column in ("started", "ended"):
            table[column] = pd.to_datetime(table[column].astype("float64"), unit="s", utc=True)
        return table

    def timeline(self) -> pd.DataFrame:
        """How many jobs ran from which moment on: a row per change (``at`` UTC, ``running``)."""
        import pandas as pd

        steps = self._steps()
        return pd.DataFrame(
            {"at": pd.to_datetime(list(steps), unit="s", utc=True), "running": list(steps.values())}
        )

    def wait(self, *, seconds: float = 600.0, submissions: int = 0, idle: bool = True) -> None:
        """Wait until it began that many jobs and, unless ``idle`` is False, none runs any more.

        Raises:
            ServiceError: when that is not so after ``seconds``.
        """
        with progress("Waiting for jobs") as line:

            def over() -> bool:
                counters = self._counters()
                line.say(f"{counters['submissions']} submitted, {counters['running']} run")
                return counters["submissions"] >= submissions and not (idle and counters["running"])

            if not wait_until(over, seconds):
                counters = self._counters()
                raise ServiceError(
                    f"The {self.name} has started {counters['submissions']} of {submissions} jobs and is running "
                    f"{counters['running']} after {seconds:g} s."
                )

    def _steps(self) -> dict[float, int]:
        changes: dict[float, int] = {}
        for job in self._ask("/records"):
            changes[job["started"]] = changes.get(job["started"], 0) + 1
            if job["ended"] is not None:
                changes[job["ended"]] = changes.get(job["ended"], 0) - 1
        running, steps = 0, {}
        for moment in sorted(changes):
            running += changes[moment]
            steps[moment] = running
        return steps

    def _spec(self) -> dict[str, Any]:
        return {"kind": "jobs", "knobs": self._knobs}
