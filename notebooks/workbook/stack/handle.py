"""A whole Airflow at a notebook's hand: start it or attach to it, publish DAGs, run them, read what happened.

The first notebook that calls `start` brings Airflow up, the others attach to it, and it ends seconds after the
last of their kernels has ended, however that was. `workbook.stack.supervisor` does the keeping.

``python -m workbook.stack status`` says what runs, ``python -m workbook.stack stop`` ends it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from workbook.environment import clean_environment
from workbook.progress import progress
from workbook.stack.database import exclusive
from workbook.stack.metrics import Metric, metric_name, parse_lines, to_frame
from workbook.stack.place import (
    ALREADY_SUPERVISED,
    COMPONENTS,
    MARKER,
    Place,
    processes_of,
    sweep,
)
from workbook.workspace import WORK, dag_files

if TYPE_CHECKING:
    import pandas as pd
    from airflow_client.client import ApiClient

FOLDER = Path(os.environ.get("WORKBOOK_AIRFLOW") or WORK / "airflow")
"""A build or a test run names a folder of its own, so that it leaves a learner's Airflow alone."""
START_SECONDS = 600.0
END_SECONDS = 20.0
POLL_SECONDS = 0.2
PAGE = 1000
SUPERVISOR = [sys.executable, "-m", "workbook.stack.supervisor"]

TASK = {  # the columns of `Airflow.task_instances`, and their names in the REST API
    "dag_id": "dag_id",
    "run_id": "dag_run_id",
    "task_id": "task_id",
    "map_index": "map_index",
    "state": "state",
    "try_number": "try_number",
    "operator": "operator_name",
    "pool": "pool",
    "scheduled": "scheduled_when",
    "queued": "queued_when",
    "start": "start_date",
    "end": "end_date",
    "duration": "duration",
}

Item = TypeVar("Item")


class StackError(RuntimeError):
    """Airflow could not be started, or does not run any more; the message says what to do."""


class ImportErrors(StackError):
    """Airflow could not import files that were published.

    Attributes:
        errors: a row per file: ``file`` (relative to the published folder), ``error`` (Airflow's text).
    """

    def __init__(self, message: str, errors: pd.DataFrame) -> None:
        super().__init__(message)
        self.errors = errors


def start(settings: Mapping[str, object] | None = None) -> Airflow:
    """Bring Airflow up, or attach to the one that another notebook of this workbook has brought up.

    Args:
        settings: Airflow's own settings that this notebook needs, such as ``{"core.parallelism": 2}``. If the
            Airflow that runs has others, it is ended, for every notebook, and a new one is started.

    Returns:
        The handle, when Airflow's four parts are healthy.

    Raises:
        StackError: when a part ends instead, with the last lines of its log.
    """
    global _current
    wanted = {name: str(value) for name, value in (settings or {}).items()}
    with progress("Starting Airflow") as line:
        if _current is None or not _current.runs or not _suits(_current.state(), wanted):
            if _current is not None:
                _current.leave()
            _current = Airflow(FOLDER, _attach(Place(FOLDER), wanted))
        try:
            _current.revive()
            _current.wait_until_healthy(say=line.say)
        except BaseException:  # an interrupt as well: what is half up has nobody to hold it, and ends
            _current.leave()
            raise
    return _current


class Airflow:
    """The Airflow that this notebook uses; made by `start`.

    Attributes:
        url: address of the API server and the user interface.
        folder: where it lives: its logs, its database, its ``dags`` and ``plugins``.
    """

    def __init__(self, folder: Path, lifeline: int) -> None:
        self.folder = folder
        self._place = Place(folder)
        self._lifeline: int | None = lifeline
        self._client: ApiClient | None = None
        self._parses = _Parses(self._place.metrics)
        os.register_at_fork(after_in_child=self._drop_lifeline)

    def __repr__(self) -> str:
        return f"Airflow «{self.url}»" if self.runs else "Airflow (ended)"

    # ── running ──────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def url(self) -> str:
        return str(self.state()["url"])

    @property
    def runs(self) -> bool:
        """Whether this Airflow is still there for this notebook."""
        try:
            self._check()
        except StackError:
            return False
        return True

    def state(self) -> dict[str, Any]:
        """What the supervisor says: ``pid``, ``url``, ``settings``, and for each component its ``pid``,
        ``returncode`` (None while it runs) and ``started`` (seconds since the epoch).

        Raises:
            StackError: when Airflow has ended.
        """
        self._check()
        state = _state(self._place)
        if not state:
            raise _ended()
        return state

    def health(self) -> dict[str, str]:
        """What Airflow says about its four parts, such as ``{"scheduler": "healthy", …}``.

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

    def _start_again(self, component: str, timeout: float = START_SECONDS) -> None:
        before = self.state()["components"][_component(component)]["started"]
        self._send({"restart": component})
        _until(
            lambda: self.state()["components"][component]["started"] > before,
            timeout,
            f"Airflow's {component} is not started again",
            self._place.log("supervisor"),
        )

    def wait_until_healthy(
        self, timeout: float = START_SECONDS, say: Callable[[str], None] = lambda text: None
    ) -> None:
        """Return when Airflow's four parts have reported since their last start.

        Raises:
            StackError: when one has ended, or has not reported after ``timeout`` seconds.
        """

        def healthy() -> bool:
            state = self.state()
            self._fail_for_the_dead(state)
            fresh = self._fresh_parts(state)
            say(f"{', '.join(sorted(fresh)) or 'nothing'} ready")
            return len(fresh) == len(COMPONENTS) and self._serves_tasks()

        _until(healthy, timeout, "Airflow is not healthy", self._place.folder)

    def leave(self) -> None:
        """Let go of Airflow; it ends when no other notebook holds it."""
        self._drop_lifeline()

    def stop(self) -> None:
        """End Airflow now, for every notebook."""
        self.leave()
        stop()

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
            raise _ended()
        try:
            os.write(self._lifeline, line)
        except BrokenPipeError:
            self._drop_lifeline()
            raise _ended() from None
        except BlockingIOError:  # the pipe is full: somebody is there, and busy
            pass

    def _fail_for_the_dead(self, state: Mapping[str, Any]) -> None:
        for name, component in state["components"].items():
            if component["returncode"] is not None:
                log = self._place.log(name)
                raise StackError(
                    f"Airflow's {name} ended with {component['returncode']}. "
                    f"The last lines of {log}:\n{_last_lines(log)}"
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

    # ── DAGs ─────────────────────────────────────────────────────────────────────────────────────────────────

    def publish(
        self, name: str, folder: Path | str, *, timeout: float = 600.0, allow_errors: bool = False
    ) -> list[str]:
        """Copy a DAG folder into Airflow's own, in one step, and wait until Airflow has parsed every file of it.

        What was published under the same name is replaced.

        Args:
            name: the folder's name there.
            folder: what to copy.
            timeout: seconds to wait.
            allow_errors: return the DAGs that could be imported instead of raising `ImportErrors`; see
                `import_errors`.

        Returns:
            The ids of the DAGs that Airflow now has from this folder.

        Raises:
            ImportErrors: when Airflow could not import a file.
            StackError: when Airflow has not parsed every file in time.
        """
        folder = Path(folder).resolve()
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder}: there is no such folder")
        target = self._published(name)
        self._check()
        aside = self.folder / "publishing" / secrets.token_hex(4)
        shutil.copytree(
            folder, aside / "new", ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copy
        )
        published = time.time()
        if target.exists():
            target.rename(aside / "old")
        (aside / "new").rename(target)
        shutil.rmtree(aside)
        files = self._dag_files(target)
        with progress("Airflow parses what was published"):
            _until(
                lambda: self._has_parsed(name, files, published),
                timeout,
                f"Airflow has not parsed every file of {folder}",
                self._place.log("dag-processor"),
            )
        errors = self.import_errors(name)
        if len(errors) and not allow_errors:
            reasons = [f"  {row.file}: {_reason(str(row.error))}" for row in errors.itertuples()]
            complaint = f"{folder}: Airflow could not import {len(errors)} of {len(files)} files"
            raise ImportErrors("\n".join([complaint, *reasons]), errors)
        dags = self.dags(name)  # one that a file no longer defines stays active for a while
        return list(dags.dag_id[~dags.stale & ~dags.import_errors & (dags.parsed >= _utc(published))])

    def unpublish(self, name: str, *, timeout: float = 300.0) -> None:
        """Remove what was published under ``name`` and wait until Airflow has noticed."""
        target = self._published(name)
        if target.exists():
            aside = self.folder / "publishing" / secrets.token_hex(4)
            aside.mkdir(parents=True)
            target.rename(aside / "old")
            shutil.rmtree(aside)
        with progress("Airflow forgets what was published"):
            _until(
                lambda: not self.dag_ids(name) and not len(self.import_errors(name)),
                timeout,
                f"Airflow still has DAGs of {name}",
                self._place.log("dag-processor"),
            )

    def dag_ids(self, name: str | None = None) -> list[str]:
        """The ids of the DAGs that can run, in order; with ``name``, of those published under it."""
        dags = self.dags(name)
        return list(dags.dag_id[~dags.stale & ~dags.import_errors])

    def dags(self, name: str | None = None) -> pd.DataFrame:
        """A row per DAG that Airflow knows: ``dag_id``, ``file``, ``stale``, ``import_errors``, ``paused``, ``parsed``.

        Args:
            name: only those published under it.
        """
        import pandas as pd
        from airflow_client.client import DAGApi

        api = DAGApi(self.client)
        found = _pages(lambda offset: api.get_dags(limit=PAGE, offset=offset, exclude_stale=False).dags)
        rows = [
            {
                "dag_id": dag.dag_id,
                "file": dag.relative_fileloc,
                "stale": dag.is_stale,
                "import_errors": dag.has_import_errors,
                "paused": dag.is_paused,
                "parsed": dag.last_parsed_time,
            }
            for dag in found
            if name is None or (dag.relative_fileloc or "").startswith(f"{name}/")
        ]
        columns = ["dag_id", "file", "stale", "import_errors", "paused", "parsed"]
        frame = pd.DataFrame(rows, columns=columns).astype(
            {"stale": bool, "import_errors": bool, "paused": bool}
        )
        return frame.sort_values("dag_id", ignore_index=True)

    def import_errors(self, name: str | None = None) -> pd.DataFrame:
        """A row per file that Airflow could not import: ``file``, ``error`` (Airflow's text), ``time``.

        Args:
            name: only those published under it, ``file`` being relative to that folder.
        """
        import pandas as pd
        from airflow_client.client import ImportErrorApi

        api = ImportErrorApi(self.client)
        found = _pages(lambda offset: api.get_import_errors(limit=PAGE, offset=offset).import_errors)
        prefix = f"{name}/" if name else ""
        rows = [
            (error.filename.removeprefix(prefix), error.stack_trace, error.timestamp)
            for error in found
            if error.filename.startswith(prefix)
        ]
        return pd.DataFrame(rows, columns=["file", "error", "time"]).sort_values("file", ignore_index=True)

    def dag_versions(self, dag_id: str) -> int:
        """How many versions of a DAG Airflow has recorded."""
        from airflow_client.client import DagVersionApi

        return int(DagVersionApi(self.client).get_dag_versions(dag_id, limit=1).total_entries)

    def _published(self, name: str) -> Path:
        if not re.fullmatch(r"\w[\w.-]*", name):
            raise ValueError(
                f'"{name}" cannot be the name of a folder here; use letters, digits, "_", "-", "."'
            )
        return self._place.dags / name

    def _dag_files(self, folder: Path) -> list[str]:
        """The files of a published folder that Airflow takes for DAG files, relative to its DAG folder."""
        dags = self._place.dags
        return [str(path.relative_to(dags)) for path in dag_files(dags) if path.is_relative_to(folder)]

    def _has_parsed(self, name: str, files: list[str], published: float) -> bool:
        """Whether Airflow has parsed these files since and noticed that others are gone."""
        if not self._parses.done(files, since=published, up=self._processor_started()):
            return False
        dags = self.dags(name)
        return set(dags.file[~dags.stale]) <= set(files)

    def _processor_started(self) -> float:
        state = self.state()
        self._fail_for_the_dead(state)
        return float(state["components"]["dag-processor"]["started"])

    # ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────

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

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None) -> str:
        """Start a run of a DAG and return the run's id."""
        from airflow_client.client import DagRunApi, TriggerDAGRunPostBody

        body = TriggerDAGRunPostBody(conf=dict(conf) if conf else None)
        return str(DagRunApi(self.client).trigger_dag_run(dag_id, body).dag_run_id)

    def wait(self, dag_id: str, run_id: str, timeout: float = 900.0) -> str:
        """Wait for the end of a run and return its state, ``success`` or ``failed``.

        Raises:
            StackError: when it has not ended after ``timeout`` seconds, or Airflow has.
        """
        from airflow_client.client import DagRunApi

        api = DagRunApi(self.client)
        ended: list[str] = []

        def over() -> bool:
            self._check()
            state = str(api.get_dag_run(dag_id, run_id).state.value)
            ended.extend([state] if state in ("success", "failed") else [])
            return bool(ended)

        with progress("Waiting for the end of the run"):
            _until(over, timeout, f"the run {run_id} of {dag_id} has not ended", self._place.log("scheduler"))
        return ended[0]

    def task_instances(self, dag_id: str, run_id: str) -> pd.DataFrame:
        """A row per task instance of a run, in the order of their starts.

        Columns: ``dag_id``, ``run_id``, ``task_id``, ``map_index``, ``state``, ``try_number``, ``operator``,
        ``pool``, ``scheduled``, ``queued``, ``start``, ``end`` (UTC), ``duration`` (seconds on a worker's slot,
        its start included).

        Args:
            dag_id: ``~`` for every DAG.
            run_id: ``~`` for every run.
        """
        import pandas as pd
        from airflow_client.client import TaskInstanceApi

        api = TaskInstanceApi(self.client)
        found = _pages(
            lambda offset: api.get_task_instances(dag_id, run_id, limit=PAGE, offset=offset).task_instances
        )
        rows = [{column: getattr(task, attribute) for column, attribute in TASK.items()} for task in found]
        frame = pd.DataFrame(rows, columns=list(TASK)).astype({"duration": float})
        frame["state"] = [task.state.value if task.state else None for task in found]
        return frame.sort_values(["start", "task_id"], ignore_index=True)

    def metrics(self) -> pd.DataFrame:
        """Airflow's own StatsD metrics since its start: ``time``, ``name``, ``kind``, ``value``, ``tags``."""
        self._check()
        with self._place.metrics.open() as lines:
            return to_frame(parse_lines(lines))


class _Parses:
    """Knows from Airflow's metrics which files its DAG processor has parsed and written to the database.

    The processor announces the start of a file with its path, the end with its name only, before it writes to the
    database; the length of its queue, which it sends all the time, comes when the writing is done.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._forget(0.0)

    def _forget(self, up: float) -> None:
        self._up = up
        self._started: dict[str, float] = {}
        self._under_way: set[str] = set()
        self._unwritten: set[str] = set()

    def done(self, files: list[str], *, since: float, up: float) -> bool:
        """Whether each file was parsed and written down after ``since``, by the processor started at ``up``."""
        if up != self._up:
            self._forget(up)
        for metric in self._news():
            if metric.time >= up:
                self._take(metric)
        paths = [metric_name(file) for file in files]
        busy = self._under_way | self._unwritten
        return all(self._started.get(path, 0.0) >= since and path not in busy for path in paths)

    def _take(self, metric: Metric) -> None:
        path = metric.tags.get("file_path", "")
        match metric.name, metric.tags.get("action"):
            case "dag_processing.processes", "start":
                self._started[path] = metric.time
                self._under_way.add(path)
            case "dag_processing.processes", _:  # it was killed: its time was up, or its file was removed
                self._under_way.discard(path)
            case "dag_processing.last_duration", _:
                end = f"_{metric.tags['file_name']}.py"
                ended = next((path for path in sorted(self._under_way) if path.endswith(end)), None)
                if ended:
                    self._under_way.remove(ended)
                    self._unwritten.add(ended)
            case "dag_processing.file_path_queue_size", _:
                self._unwritten.clear()

    def _news(self) -> Iterator[Metric]:
        with self._path.open("rb") as file:
            file.seek(self._offset)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]  # the last line may be half written
        self._offset += len(whole)
        return parse_lines(line for line in whole.decode().splitlines() if " dag_processing." in line)


_current: Airflow | None = None


def _attach(place: Place, settings: Mapping[str, str]) -> int:
    """Take hold of the lifeline of the Airflow that runs with these settings, or of a new one."""
    place.folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + END_SECONDS
    while time.monotonic() < deadline:
        with exclusive(place.attaching):
            if not _supervised(place):
                lifeline = _launch(place, settings)
            elif (lifeline := _grasp(place)) is not None and not _suits(_state(place), settings):
                os.write(lifeline, b'{"end": ""}\n')
                os.close(lifeline)
                lifeline = None
        if lifeline is not None:
            return lifeline
        time.sleep(POLL_SECONDS)  # the former one is about to end
    raise StackError(
        f"The Airflow in {place.folder} does not end. End it with: {sys.executable} -m workbook.stack stop"
    )


def _supervised(place: Place) -> bool:
    """Whether a supervisor lives; only to be asked with the attaching lock."""
    with place.living.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _grasp(place: Place) -> int | None:
    """The write end of the lifeline; None when the supervisor has let go of the other end."""
    try:
        return os.open(place.lifeline, os.O_WRONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ENXIO:
            return None
        raise


def _launch(place: Place, settings: Mapping[str, str]) -> int | None:
    """Start a supervisor and return the lifeline's write end; None when somebody else was faster."""
    place.lifeline.unlink(missing_ok=True)
    place.state.unlink(missing_ok=True)
    os.mkfifo(place.lifeline, 0o600)
    # a pipe can be opened for writing only when it has a reader; the supervisor will be the second
    reader = os.open(place.lifeline, os.O_RDONLY | os.O_NONBLOCK)
    lifeline = os.open(place.lifeline, os.O_WRONLY | os.O_NONBLOCK)
    try:
        if _supervisor_answers(place, settings):
            return lifeline
    except BaseException:
        os.close(lifeline)
        raise
    finally:
        os.close(reader)
    os.close(lifeline)
    return None


def _supervisor_answers(place: Place, settings: Mapping[str, str]) -> bool:
    name = secrets.token_hex(8)
    log = place.log("supervisor")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*SUPERVISOR, str(place.folder)],
            env={**clean_environment(os.environ), MARKER: f"{place.folder.resolve()}#{name}"},
            cwd=place.folder,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # an interrupt of the notebook is none of its business
        )
    _launched.append(process)
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin:
        process.stdin.write(json.dumps({"name": name, "settings": dict(settings)}).encode())
    deadline = time.monotonic() + START_SECONDS
    while _state(place).get("name") != name:
        if process.poll() == ALREADY_SUPERVISED:
            return False
        if process.returncode is not None or time.monotonic() > deadline:
            raise StackError(f"Airflow's supervisor does not start. It said, in {log}:\n{_last_lines(log)}")
        time.sleep(0.05)
    return True


_launched: list[subprocess.Popen[bytes]] = []  # a child must have somebody who takes note of its end


def _state(place: Place) -> dict[str, Any]:
    try:
        return dict(json.loads(place.state.read_text()))
    except FileNotFoundError:
        return {}


def _suits(state: Mapping[str, Any], settings: Mapping[str, str]) -> bool:
    """Whether an Airflow has all the settings that are asked for; what is not asked for may be anything."""
    return settings.items() <= state.get("settings", {}).items()


def _ended() -> StackError:
    return StackError(
        "This Airflow has ended, or another notebook replaced it. Run the cell with start() again."
    )


def _component(name: str) -> str:
    if name not in COMPONENTS:
        raise ValueError(f'"{name}" is no part of Airflow; the parts are {", ".join(COMPONENTS)}')
    return name


def _until(condition: Callable[[], bool], timeout: float, complaint: str, log: Path) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise StackError(f"{complaint} after {timeout:g} s. What Airflow said: {log}")
        time.sleep(POLL_SECONDS)


def _pages(page: Callable[[int], Sequence[Item]]) -> list[Item]:
    """Everything that a listing of the REST API holds, ``page`` being what begins at an offset."""
    items: list[Item] = []
    while found := page(len(items)):
        items.extend(found)
        if len(found) < PAGE:
            break
    return items


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: str | None) -> float:
    """Seconds since the epoch of a time in Airflow's REST API."""
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0


def _reason(trace: str) -> str:
    """The line of a stack trace that names the exception; its message may go on for lines."""
    named = re.findall(r"^[A-Za-z_][\w.]*: .*", trace, flags=re.MULTILINE)
    return str(named[-1]) if named else trace.strip().splitlines()[-1]


def _last_lines(log: Path, count: int = 20) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return "\n".join(lines[-count:]) or "(nothing)"


def stop() -> None:
    """End the Airflow of this workbook, for every notebook, and whatever a former one left; return when it is gone."""
    place = Place(FOLDER)
    if not place.folder.exists():
        return
    deadline = time.monotonic() + END_SECONDS
    while True:
        with exclusive(place.attaching):
            if not _supervised(place) or time.monotonic() > deadline:
                sweep(place.folder)
                return
            if (lifeline := _grasp(place)) is not None:
                os.write(lifeline, b'{"end": ""}\n')
                os.close(lifeline)
        time.sleep(POLL_SECONDS)


def _status() -> str:
    place = Place(FOLDER)
    found = processes_of(place.folder)
    state = _state(place)
    if not found:
        return "Airflow does not run."
    lines = [
        f"Airflow {'is ending' if state.get('ending') else 'runs'} at {state.get('url')}, {len(found)} processes"
    ]
    for name, component in state.get("components", {}).items():
        pid, end = component["pid"], component["returncode"]
        lines.append(f"  {name:14} {f'pid {pid}' if end is None else f'ended with {end}'}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The command line: ``status`` or ``stop``; 2 for anything else."""
    match arguments:
        case ["status"]:
            print(_status())
        case ["stop"]:
            stop()
            print(_status())
        case _:
            print("usage: python -m workbook.stack status|stop", file=sys.stderr)
            return 2
    return 0
