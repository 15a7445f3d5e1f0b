"""A notebook's hold on the components of Airflow: whether they run, what they report, how they end."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import psutil

from workbook.progress import progress
from workbook.stack.attach import START_SECONDS, state
from workbook.stack.errors import StackError, ended, last_lines, until
from workbook.stack.place import COMPONENTS, SLOTS, Place

if TYPE_CHECKING:
    from airflow_client.client import ApiClient

PAGE = 1000

Item = TypeVar("Item")


class Running:
    """An Airflow that runs as long as this notebook holds its lifeline.

    Args:
        folder: where it lives.
        lifeline: the write end of the pipe whose other end the supervisor reads.
    """

    def __init__(self, folder: Path, lifeline: int) -> None:
        self.folder = folder
        self._place = Place(folder)
        self._lifeline: int | None = lifeline
        self._client: ApiClient | None = None
        os.register_at_fork(after_in_child=self._drop_lifeline)

    def __repr__(self) -> str:
        return f"Airflow «{self.url}»" if self.alive else "Airflow (ended)"

    @property
    def url(self) -> str:
        """Address of the API server and the user interface."""
        return str(self.state()["url"])

    @property
    def alive(self) -> bool:
        """Whether this Airflow is still there for this notebook."""
        try:
            self._check()
        except StackError:
            return False
        return True

    @property
    def slots(self) -> int:
        """How many tasks run at a time: ``[core] parallelism``."""
        return int(self.state()["settings"].get("core.parallelism", SLOTS))

    def state(self) -> dict[str, Any]:
        """What the supervisor says: ``pid``, ``url``, ``settings``, and for each component its ``pid``,
        ``returncode`` (None while it runs) and ``started`` (seconds since the epoch).

        Raises:
            StackError: when Airflow has ended.
        """
        self._check()
        report = state(self._place)
        if not report:
            raise ended()
        return report

    def health(self) -> dict[str, str]:
        """What the API server says about the others and the database: ``{"scheduler": "healthy", …}``.

        Airflow goes by heartbeats, so a part that was killed stays ``healthy`` for up to 30 seconds.
        """
        return {name: report["status"] or "unhealthy" for name, report in self._health_report().items()}

    def pid(self, component: str) -> int:
        """The process of ``api-server``, ``scheduler``, ``dag-processor`` or ``triggerer``.

        It leads a process group of the same number, which holds what it started.
        """
        return int(self.state()["components"][_component(component)]["pid"])

    def restart(self, component: str, timeout: float = START_SECONDS) -> None:
        """End a component (if it has not ended) with what it started, start it again, wait until it is healthy.

        Raises:
            StackError: when it ends instead, or is not healthy after ``timeout`` seconds.
        """
        with progress(f"Starting the {component} again") as line:
            self._start_again(component, timeout)
            self.wait_until_healthy(timeout, say=line.say)

    def revive(self) -> None:
        """Start the components again that have ended."""
        for name, component in self.state()["components"].items():
            if component["returncode"] is not None:
                self._start_again(name)

    def kill(self, component: str) -> None:
        """Kill a component and what it started, as a crash of its machine would; `restart` starts it again."""
        leader = psutil.Process(self.pid(component))
        for process in [*leader.children(recursive=True), leader]:
            process.kill()

    def log(self, component: str) -> str:
        """Everything that a component has said so far."""
        return self._place.log(_component(component)).read_text(encoding="utf-8", errors="replace")

    def _start_again(self, component: str, timeout: float = START_SECONDS) -> None:
        before = self.state()["components"][_component(component)]["started"]
        self._send({"restart": component})
        until(
            lambda: self.state()["components"][component]["started"] > before,
            timeout,
            f"Airflow's {component} did not restart",
            self._place.log("supervisor"),
        )

    def wait_until_healthy(
        self, timeout: float = START_SECONDS, say: Callable[[str], None] = lambda text: None
    ) -> None:
        """Return when all components have reported since their last start.

        Raises:
            StackError: when one has ended, or has not reported after ``timeout`` seconds.
        """

        def healthy() -> bool:
            state = self.state()
            self._fail_for_the_dead(state)
            fresh = self._fresh_parts(state)
            say(f"{', '.join(sorted(fresh)) or 'nothing'} ready")
            return len(fresh) == len(COMPONENTS) and self._serves_tasks()

        until(healthy, timeout, "Airflow is not healthy", self._place.folder)

    def leave(self) -> None:
        """Let go of Airflow; it ends when no other notebook holds it."""
        self._drop_lifeline()

    @property
    def client(self) -> ApiClient:
        """The official client, ``apache-airflow-client``, with an address and a token."""
        self._check()
        if self._client is None:
            import httpx
            from airflow_client.client import ApiClient, Configuration

            token = httpx.get(f"{self.url}/auth/token", timeout=30, trust_env=False).raise_for_status().json()
            configuration = Configuration(host=self.url, access_token=token["access_token"])
            # it has read the environment's, which does not know the way to this machine
            configuration.proxy = None
            self._client = ApiClient(configuration)
        return self._client

    def _drop_lifeline(self) -> None:
        # also in every child that this process forks, which could otherwise outlive it and keep Airflow up
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def _check(self) -> None:
        """Raise when Airflow has ended."""
        self._write(b"\n")  # an empty command: what counts is whether somebody reads

    def _send(self, command: Mapping[str, str]) -> None:
        self._write(json.dumps(command).encode() + b"\n")

    def _write(self, line: bytes) -> None:
        if self._lifeline is None:
            raise ended()
        try:
            os.write(self._lifeline, line)
        except BrokenPipeError:
            self._drop_lifeline()
            raise ended() from None
        except BlockingIOError:  # the pipe is full: somebody is there, and busy
            pass

    def _fail_for_the_dead(self, state: Mapping[str, Any]) -> None:
        for name, component in state["components"].items():
            if component["returncode"] is not None:
                log = self._place.log(name)
                raise StackError(
                    f"Airflow's {name} ended with {component['returncode']}. "
                    f"The last lines of {log}:\n{last_lines(log)}"
                )

    def _fresh_parts(self, state: Mapping[str, Any]) -> set[str]:
        """The components that are up and have reported since they were started."""
        if state["url"] is None:
            return set()
        try:
            report = self._health_report()
        except OSError:
            return set()
        fresh = {"api-server"}
        for name in ("scheduler", "dag-processor", "triggerer"):
            part = report[name.replace("-", "_")]
            beat = part.get(f"latest_{name.replace('-', '_')}_heartbeat")
            if part["status"] == "healthy" and _seconds(beat) >= state["components"][name]["started"]:
                fresh.add(name)
        return fresh

    def _serves_tasks(self) -> bool:
        """Whether tasks can report; the first question takes the API server seconds, and no lesson measures those."""
        import httpx

        try:
            return httpx.get(f"{self.url}/execution/health/ping", timeout=60, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    def _health_report(self) -> dict[str, Any]:
        import httpx

        try:
            answer = httpx.get(f"{self.url}/api/v2/monitor/health", timeout=10, trust_env=False)
            return dict(answer.raise_for_status().json())
        except httpx.HTTPError as error:
            raise OSError(f"{self.url}: {error}") from error


def pages(page: Callable[[int], Sequence[Item]]) -> list[Item]:
    """Everything that a listing of the REST API holds, ``page`` being what begins at an offset."""
    items: list[Item] = []
    while batch := page(len(items)):
        items.extend(batch)
        if len(batch) < PAGE:
            break
    return items


def _component(name: str) -> str:
    if name not in COMPONENTS:
        raise ValueError(f'"{name}" is not a part of Airflow; the parts are {", ".join(COMPONENTS)}')
    return name


def _seconds(moment: str | None) -> float:
    """Seconds since the epoch of a time in Airflow's REST API."""
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0
