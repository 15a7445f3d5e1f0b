"""What a DAG file does while Airflow imports it: which line, how often, for how long.

Each look runs in a process of its own, in which Airflow is imported beforehand, as it is in the processes that
parse DAG files: what it shows is the file's own doing.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import subprocess
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import median
from types import FrameType
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbook.environment import clean_environment
from workbook.progress import progress

if TYPE_CHECKING:
    from airflow.sdk import DAG

WANTED = "_AIRFLOW_PARSING_CONTEXT_DAG_ID"
"""The variable in which the process that runs a task says which DAG it wants."""
WATCHED = {
    "socket.getaddrinfo": "looks up a host name",
    "socket.connect": "opens a connection",
    "subprocess.Popen": "starts a process",
    "os.system": "starts a process",
    "os.listdir": "lists a folder",
    "os.scandir": "lists a folder",
    "open": "opens a file",
    "time.sleep": "sleeps",
}
"""Audit events of Python (PEP 578, sys.addaudithook) that cost time whenever the file is parsed."""


class ImportFailed(RuntimeError):
    """The DAG file could not be imported; the message is what Airflow would record."""


def audit(dag_file: Path | str) -> pd.DataFrame:
    """Count what each line of a DAG file makes Python do outside of it.

    Args:
        dag_file: the file that Airflow would import.

    Returns:
        A row per line and kind of action, the most frequent first: ``line``, ``code`` (its text), ``what``, ``times``.

    Raises:
        ImportFailed: when the file cannot be imported.
    """
    dag_file = Path(dag_file).resolve()
    source = dag_file.read_text().splitlines()
    rows = [
        {"line": line, "code": source[line - 1].strip(), "what": what, "times": times}
        for line, what, times in _in_fresh_process("audit", dag_file)
    ]
    return pd.DataFrame(rows, columns=["line", "code", "what", "times"])


def profile(dag_file: Path | str) -> pd.DataFrame:
    """Say what a DAG file spends its import on, as pyinstrument samples it.

    Args:
        dag_file: the file that Airflow would import.

    Returns:
        A row per function that the file calls, the slowest first: ``function``, ``defined_in`` (the end of its
        file's path), ``seconds`` (with all that it calls), ``share`` of the import (0 to 1).

    Raises:
        ImportFailed: when the file cannot be imported.
    """
    total, calls = _in_fresh_process("profile", Path(dag_file).resolve())
    rows = [
        {"function": function, "defined_in": where, "seconds": seconds, "share": seconds / total}
        for function, where, seconds in calls
    ]
    return pd.DataFrame(rows, columns=["function", "defined_in", "seconds", "share"])


def import_seconds(dag_file: Path | str) -> float:
    """How long the import of a DAG file takes, without the serialization that follows it.

    Args:
        dag_file: the file that Airflow would import.

    Returns:
        Seconds, comparable with ``[core] dagbag_import_timeout``.

    Raises:
        ImportFailed: when the file cannot be imported.
    """
    return float(_in_fresh_process("timed", Path(dag_file).resolve()))


def task_starts(starts: Sequence[tuple[Path, str]], rounds: int = 5) -> pd.DataFrame:
    """What a task start pays for its file: the import, with Airflow naming the one DAG that it wants.

    Args:
        starts: DAG files, each with the id of the DAG whose task starts.
        rounds: measurements of each.

    Returns:
        A row per start: ``dags`` (how many the file made), ``seconds`` (CPU, median).

    Raises:
        ImportFailed: when a file cannot be imported.
    """
    imports = imports_in_turns(starts, rounds)
    return imports.assign(seconds=imports.seconds.map(median))[["dags", "seconds"]]


def imports_in_turns(
    files: Sequence[tuple[Path, str | None]], rounds: int, *, packages: Path | None = None
) -> pd.DataFrame:
    """CPU to import some DAG files, each once in every round, so that what the machine does else meets them all.

    A first round compiles the files and imports what they need; it does not count.

    Args:
        files: DAG files or folders of them, each with the id of the one DAG that a task wants, or None for all.
        rounds: measurements of each.
        packages: a folder of further packages that the files need.

    Returns:
        A row per file: ``dags`` (how many it made), ``seconds`` (CPU of each round), ``content`` (the same for files
        that make the same tasks in the same DAGs).

    Raises:
        ImportFailed: when a file cannot be imported.
    """
    described = json.dumps([(str(path.resolve()), dag_id) for path, dag_id in files])
    rows = _in_fresh_process("in_turns", described, str(rounds), packages=packages)
    return pd.DataFrame(rows, columns=["dags", "seconds", "content"])


def _in_fresh_process(look: str, *arguments: Path | str, packages: Path | None = None) -> Any:
    airflow_variables = {name: value for name, value in os.environ.items() if name.startswith("AIRFLOW")}
    environment = {**clean_environment(os.environ), **airflow_variables}
    if packages:
        environment["PYTHONPATH"] += f"{os.pathsep}{packages}"
    with progress("Importing the file the way Airflow does"):
        result = subprocess.run(
            [sys.executable, "-m", "workbook.measure.imports", look, *map(str, arguments)],
            capture_output=True,
            text=True,
            env=environment,
        )
    if result.returncode:
        raise ImportFailed(
            result.stderr.strip() or f"{arguments[0]}: the import ended with {result.returncode}"
        )
    return json.loads(result.stdout.splitlines()[-1])


def _import_as_airflow_does(dag_file: Path) -> list[DAG]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_file, safe_mode=False)
    if bag.import_errors:
        sys.exit("\n".join(bag.import_errors.values()))
    return list(bag.dags.values())


def _audited(dag_file: Path) -> list[tuple[int, str, int]]:
    counts: Counter[tuple[int, str]] = Counter()

    def note(event: str, _: tuple[Any, ...]) -> None:
        # finding and reading the modules that a file imports is Python's own work and happens once
        if event not in WATCHED:
            return
        caller = sys._getframe(1)
        if not caller.f_code.co_filename.startswith("<frozen importlib"):
            line = _line_in(str(dag_file), caller)
            if line:
                counts[line, WATCHED[event]] += 1

    if sys.version_info < (3, 13):
        _announce_sleeps()
    sys.addaudithook(note)
    _import_as_airflow_does(dag_file)
    return sorted(
        ((line, what, times) for (line, what), times in counts.items()), key=lambda row: (-row[2], row[0])
    )


def _timed(dag_file: Path) -> float:
    started = time.perf_counter()
    _import_as_airflow_does(dag_file)
    return time.perf_counter() - started


def _in_turns(files: str, rounds: str) -> list[tuple[int, list[float], str]]:
    os.environ["AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT"] = "600"  # how long it takes is what is asked
    warnings.simplefilter("ignore")
    logging.disable(logging.ERROR)
    gc.freeze()  # as Airflow does before it forks
    imports: list[tuple[int, list[float], str]] = []
    for number in range(int(rounds) + 1):
        for place, (path, dag_id) in enumerate(json.loads(files)):
            os.environ.pop(WANTED, None)
            if dag_id is not None:
                os.environ[WANTED] = dag_id
            gc.collect()
            begin = time.process_time()
            dags = _import_as_airflow_does(Path(path))
            seconds = time.process_time() - begin
            if number:
                imports[place][1].append(seconds)
            else:
                imports.append((len(dags), [], _content(dags)))
            del dags
    return imports


def _content(dags: list[DAG]) -> str:
    """A digest of each DAG with its tasks: class, owner, and the tasks after it."""
    described = sorted(
        (
            dag.dag_id,
            dag.description,
            sorted((t.task_id, type(t).__name__, t.owner, sorted(t.downstream_task_ids)) for t in dag.tasks),
        )
        for dag in dags
    )
    return sha256(repr(described).encode()).hexdigest()


def _line_in(file: str, frame: FrameType | None) -> int | None:
    """The innermost line of ``file`` that leads to ``frame``."""
    while frame is not None:
        if frame.f_code.co_filename == file:
            return frame.f_lineno
        frame = frame.f_back
    return None


def _announce_sleeps() -> None:
    """Raise the audit event that Python itself raises from 3.13 on."""
    sleep: Callable[[float], None] = time.sleep

    def announced(seconds: float) -> None:
        sys.audit("time.sleep", seconds)
        sleep(seconds)

    time.sleep = announced  # type: ignore[assignment]


def _profiled(dag_file: Path) -> tuple[float, list[tuple[str, str, float]]]:
    from pyinstrument import Profiler

    profiler = Profiler(interval=0.001)
    with profiler:
        _import_as_airflow_does(dag_file)
    session = profiler.last_session
    assert session is not None
    root = session.root_frame()
    assert root is not None
    called: defaultdict[tuple[str, str], float] = defaultdict(float)
    total, frames = 0.0, [root]
    while frames:
        frame = frames.pop()
        if frame.file_path == str(dag_file) and frame.function == "<module>":
            total += frame.time
        for child in frame.children:
            if frame.file_path == str(dag_file) != child.file_path:
                called[child.function, "/".join(Path(child.file_path or "").parts[-2:])] += child.time
            else:
                frames.append(child)
    rows = [(function, where, seconds) for (function, where), seconds in called.items()]
    return total, sorted(rows, key=lambda row: -row[2])


if __name__ == "__main__":
    import airflow.providers.standard.operators.empty
    import airflow.sdk  # noqa: F401

    look, *arguments = sys.argv[1:]
    if look == "in_turns":
        print(json.dumps(_in_turns(*arguments)))
    else:
        look_at = {"audit": _audited, "profile": _profiled, "timed": _timed}[look]
        print(json.dumps(look_at(Path(arguments[0]))))
