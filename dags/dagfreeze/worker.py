"""Processes that have imported Airflow, and fork for each job, as the DAG processor does for each file."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pickle
import select
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagfreeze.refusal import Refused

_LIKE_AIRFLOW = {"_AIRFLOW_PROCESS_CONTEXT": "server"}
"""Takes Variables and connections from where the DAG processor has them."""


class JobFailed(RuntimeError):
    """A job's process ended without a result; the message is what it printed last."""


class Defect(JobFailed):
    """A job ran into an error that this package does not know; the message is its traceback."""


@dataclass(frozen=True)
class Job:
    """A function that runs in a process of its own.

    Attributes:
        function: ``module:name``.
        arguments: for the function; they and what it returns are pickled.
    """

    function: str
    arguments: tuple[Any, ...]


class Worker:
    """One process that forks for a job at a time.

    Args:
        seed: of its hashes: the order of sets differs between two workers with different seeds.
    """

    def __init__(self, seed: int, folder: Path) -> None:
        path = [os.environ.get("PYTHONPATH", ""), str(Path(__file__).parents[1])]
        to_start = {
            "PYTHONHASHSEED": str(seed),
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
            "PYTHONWARNINGS": "ignore",  # Airflow warns of itself while it is imported
        }
        environment = {**os.environ, **_LIKE_AIRFLOW, **to_start}
        before = {name: os.environ.get(name) for name in to_start}  # a factory may write down its environment
        self._folder = folder
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "dagfreeze.worker",
                json.dumps(before),
            ],  # the current folder must not shadow its modules
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the command, which ends its workers then
        )

    def run(self, job: Job) -> Any:
        """Run a job and wait for it.

        Raises:
            JobFailed: when its process ended without a result.
            Defect: when it raised anything but a refusal.
            Refused: when the job raised it.
        """
        with self._lock:
            files = [tempfile.mktemp(dir=self._folder) for _ in range(3)]
            arguments_file, result_file, output_file = (Path(file) for file in files)
            arguments_file.write_bytes(pickle.dumps(job.arguments))
            assert self._process.stdin is not None and self._process.stdout is not None
            line = json.dumps([job.function, *files])
            try:
                self._process.stdin.write(line.encode() + b"\n")
                self._process.stdin.flush()
                status = self._process.stdout.readline()
            except OSError:
                status = b""
            if not result_file.exists():
                raise JobFailed(_why(status, output_file))
            with result_file.open("rb") as file:
                result = pickle.load(file)
            for path in (arguments_file, result_file, output_file):
                path.unlink(missing_ok=True)
            return _checked(result)

    def end(self) -> None:
        """End the process, and the job that it runs."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGTERM)
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.wait()


def _why(status: bytes, output_file: Path) -> str:
    text = output_file.read_text(errors="replace") if output_file.exists() else ""
    last = "\n".join(text.strip().splitlines()[-30:])
    code = status.decode().strip()
    if code.startswith("-"):
        ended = f"its process was ended by {signal.Signals(-int(code)).name}"
    else:
        ended = f"its process ended with status {code}" if code else "its process ended"
    return f"{ended}\n{last}" if last else ended


class Workers:
    """Workers for all cores; those with odd numbers have another hash seed than those with even ones."""

    def __init__(self, folder: Path, number: int | None = None) -> None:
        self.number = number or max(
            2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
        )
        self._workers = [Worker(index % 2, folder) for index in range(self.number)]
        self._pools = [ThreadPoolExecutor(-(-self.number // 2)) for _ in range(2)]
        self._free: list[list[Worker]] = [self._workers[0::2], self._workers[1::2]]
        self._lock = threading.Lock()

    def start(self, job: Job, seed: int) -> Future[Any]:
        """Run a job on a worker with an even (0) or an odd (1) seed."""
        return self._pools[seed].submit(self._run, job, seed)

    def _run(self, job: Job, seed: int) -> Any:
        with self._lock:
            worker = self._free[seed].pop()
        try:
            return worker.run(job)
        finally:
            with self._lock:
                self._free[seed].append(worker)

    def end(self) -> None:
        """End all processes."""
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.end()


@contextlib.contextmanager
def workers() -> Iterator[Workers]:
    """Workers that end with the block, whatever ends it."""
    with tempfile.TemporaryDirectory(prefix="dagfreeze-") as folder:
        started = Workers(Path(folder))
        try:
            yield started
        finally:
            started.end()


def spread(function: Callable[[Sequence[Any]], Any], items: Sequence[Any], least: int = 200) -> list[Any]:
    """Call a function on parts of a list, in forks of this process, on all cores; what it changes is gone with them.

    Args:
        function: takes a part of the list; what it returns is pickled.
        items: the list.
        least: how many items are worth a fork.

    Raises:
        JobFailed: when a fork ended without a result.
        Defect: when one raised anything.
    """
    signal.signal(
        signal.SIGCHLD, signal.SIG_DFL
    )  # a factory may ignore how children end, or wait for them itself
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parts = max(1, min(cores, len(items) // least))
    size = -(-len(items) // parts)
    with tempfile.TemporaryDirectory() as folder:
        forks = []
        for number in range(parts):
            path = Path(folder) / str(number)
            part = items[number * size : (number + 1) * size]
            forks.append((path, _fork(lambda part=part, path=path: _answer(function, (part,), path))))  # type: ignore[misc]
        statuses = [os.waitpid(pid, 0)[1] for _, pid in forks]
        if any(statuses):
            raise JobFailed("a process ended without a result")
        return [_checked(pickle.loads(path.read_bytes())) for path, _ in forks]


def _fork(run: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        run()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)  # no handler that the parent has registered runs twice


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...], path: Path) -> None:
    try:
        result = function(*arguments)
    except (Refused, Defect) as failure:
        result = failure
    except Exception:
        result = Defect(traceback.format_exc())
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        pickle.dump(result, file)
    partial.rename(path)


def _checked(result: Any) -> Any:
    if isinstance(result, Refused | Defect):
        raise result
    return result


def _job(function: str, arguments_file: str, result_file: str, output_file: str) -> None:
    os.setsid()
    output = os.open(output_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.dont_write_bytecode = True
    module, _, name = function.partition(":")
    arguments = pickle.loads(Path(arguments_file).read_bytes())
    _answer(getattr(importlib.import_module(module), name), arguments, Path(result_file))


def _serve(jobs: Iterable[bytes], answers: int) -> None:
    """Fork for each job, and say how it ended; end the job when the command has ended."""
    for line in jobs:
        pid = _fork(lambda line=line: _job(*json.loads(line)))  # type: ignore[misc]
        signal.signal(signal.SIGTERM, lambda *_, pid=pid: _end(pid))
        status = _wait(pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)  # ends what the file has started
        os.write(answers, b"%d\n" % os.waitstatus_to_exitcode(status))


def _wait(pid: int) -> int:
    while True:
        child, status = os.waitpid(pid, os.WNOHANG)
        if child:
            return status
        readable, _, _ = select.select([0], [], [], 0.01)
        if readable:  # the end of the input: no job comes while another runs, so the command has ended
            _end(pid)


def _end(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # a new child has no group of its own yet
        with contextlib.suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)
    os._exit(1)


def _lines() -> Iterator[bytes]:
    rest = b""
    while chunk := os.read(0, 65536):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


if __name__ == "__main__":
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Airflow may print while it is imported

    # What Airflow imports to parse and store a DAG is imported here, too, or each job would do it again.
    import airflow.plugins_manager
    import airflow.providers.standard.decorators.python
    import airflow.providers.standard.operators.bash
    import airflow.providers.standard.operators.empty
    import airflow.providers.standard.sensors.external_task
    import airflow.sdk
    import airflow.serialization.serialized_objects
    import airflow.settings

    with contextlib.suppress(ModuleNotFoundError):  # before Airflow 3.2
        import airflow.dag_processing.importers

    import dagfreeze.prove  # noqa: F401

    for name, value in json.loads(sys.argv[1]).items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
    sys.argv[1:] = []
    # Loading imports a plugin's module again: done later, its classes would not be those that a DAG file has imported.
    airflow.plugins_manager.ensure_plugins_loaded()
    airflow.settings.get_dagbag_import_timeout = lambda dag_file_path: 0  # what is slow is to be frozen, too
    _serve(_lines(), answers)
