"""What checks look at in DAGs that a learner wrote; most of it is for `Attempt.run`, which has a new process for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from workbook.exercises.attempt import dags_of


def returned(place: str, variables: dict[str, str]) -> dict[str, object]:
    """What the first task of each DAG of a file or folder returns, or raises, with some environment variables."""
    os.environ.update(variables)
    results: dict[str, object] = {}
    for dag_id, dag in sorted(dags_of(place).dags.items()):
        try:
            # of an empty context Airflow makes a copy, and `op_kwargs` go into that
            results[dag_id] = dag.tasks[0].execute({"params": {}}) if dag.tasks else None
        except Exception as error:
            results[dag_id] = f"{type(error).__name__}: {error}"
    return results


def descriptions(file: str) -> dict[str, str | None]:
    """The description of each DAG."""
    return {dag_id: dag.description for dag_id, dag in dags_of(file).dags.items()}


def stored_and_returned(file: str, run_id: str) -> dict[str, tuple[str, str]]:
    """For each DAG the digest by which Airflow tells its versions apart, and what its first task returns in a run."""
    from airflow.serialization.serialized_objects import LazyDeserializedDAG

    context = {"run_id": run_id, "ts": run_id, "ts_nodash": run_id, "params": {}}
    results = {}
    for dag_id, dag in dags_of(file).dags.items():
        digest = LazyDeserializedDAG.from_dag(dag).hash
        task = dag.tasks[0]
        task.render_template_fields(context)
        results[dag_id] = (digest, str(task.execute(context)))
    return results


def opened_and_made(files: list[str], folder: str) -> tuple[int, list[str]]:
    """How many files of a folder the imports of some DAG files open, and the ids of the DAGs that they make."""
    opened: Counter[str] = Counter()

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(Path(str(arguments[0])).parent) == folder:
            opened[str(arguments[0])] += 1

    sys.addaudithook(note)
    dag_ids = [dag_id for file in files for dag_id in dags_of(file).dags]
    return opened.total(), dag_ids


def dagfreeze(file: str, options: list[str], variables: dict[str, str]) -> tuple[int, str]:
    """Freeze a file into the folder ``frozen`` next to it; the exit status, and what dagfreeze says."""
    source = Path(file)
    process = subprocess.run(
        [sys.executable, "-m", "dagfreeze", source.name, "--out", "frozen", *options],
        cwd=source.parent,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return process.returncode, process.stdout.strip()
