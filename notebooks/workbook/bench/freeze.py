"""Measures frozen DAG files, and the freezing, against a hand-written loop and two published DAG factories.

CPU seconds, because a busy machine stretches all others; ratios of measurements taken in turns in one process, because
machines differ.
"""

from __future__ import annotations

import inspect
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from airflow.sdk import DAG, BaseOperator

from pipelines.blueprint import build
from pipelines.config import PipelineConfig
from workbook.bench.figures import Figure, Figures, Measured
from workbook.catalog import configurations
from workbook.environment import clean_environment
from workbook.measure.imports import imports_in_turns, task_starts
from workbook.progress import progress
from workbook.workspace import WORK, airflow_environment

PEERS = Path(__file__).with_name("peers.txt")
PROGRAMS = Path(__file__).with_name("programs")


class Frozen(NamedTuple):
    """What one run of ``python -m dagfreeze`` did.

    Attributes:
        folder: the frozen files.
        cpu_seconds: of the command and of all processes that it started.
        files_written: how many.
    """

    folder: Path
    cpu_seconds: float
    files_written: int


def freezer() -> Measured:
    """CPU of the frozen files and of the freezing, against a loop by hand and two published factories."""
    return import_costs() | task_start_costs() | freeze_costs(), {}


def import_costs(dags: int = 500, rounds: int = 5, *, peers: bool = True) -> Figures:
    """How much of a factory's CPU for an import its own frozen files need, at most 50 DAGs in each.

    Args:
        dags: how many.
        rounds: measurements of each.
        peers: measure dag-factory and gusty, too; they are installed into ``.workbook/bench`` first.

    Raises:
        RuntimeError: when the frozen files do not make the DAGs of their factory.
    """
    folder = _emptied("imports")
    configs = configurations(dags)
    path = installed_peers() if peers else None
    factories = {"loop": (_loop(folder, configs), "the leanest hand-written loop")}
    if peers:
        built = [build(config) for config in configs]
        from_yaml = "from whose YAML they were frozen"
        factories["dag_factory"] = (_dag_factory(folder, built), f"dag-factory, {from_yaml}")
        factories["gusty"] = (_gusty(folder, built), f"gusty, {from_yaml}")
    files = []
    for source, _ in factories.values():
        with progress(f"Freezing {dags:,} DAGs of {source.name}"):
            files += [source, _freeze(source, peers=path).folder]
    with progress(f"Importing {dags:,} DAGs from each kind of file, {rounds} times"):
        imports = imports_in_turns([(file, None) for file in files], rounds, packages=path)
    if set(imports.dags) != {dags} or imports.content.nunique() > 1:
        raise RuntimeError(f"there are {dags} DAGs to compare, but not the same in all files:\n{imports}")
    how = f"CPU time to import {dags} DAGs, at most 50 per frozen file, compared with"
    return {
        f"import_frozen_over_{name}": Figure(
            _ratio(frozen_seconds, source_seconds), "times", f"{how} {factory}"
        )
        for (name, (_, factory)), source_seconds, frozen_seconds in zip(
            factories.items(), imports.seconds[::2], imports.seconds[1::2], strict=True
        )
    }


def task_start_costs(rounds: int = 30) -> Figures:
    """CPU to import the file of one DAG as a task start does: a guarded shard of 50, a frozen file of one."""
    folder = _emptied("task_start")
    configs = configurations(50)
    with progress("Freezing a file of one DAG and a shard of 50"):
        single = _freeze(_loop(folder / "1", configs[:1])).folder
        shard = _freeze(_loop(folder / "50", configs), dags_per_file=1_000).folder
    with progress(f"Importing the file of one DAG as a task start does, {rounds} times"):
        starts = task_starts([(_only_file(place), configs[0].id) for place in (single, shard)], rounds)
    assert list(starts.dags) == [1, 1], starts
    return {
        "task_start_shard_over_single": Figure(
            starts.seconds[1] / starts.seconds[0],
            "times",
            "CPU time to import the file at a task start: a guarded file of 50 compared with a file of one",
        )
    }


def freeze_costs(dags: int = 10_000) -> Figures:
    """CPU of the command, proof included: against one import of the same DAGs, and as their number grows.

    Args:
        dags: how many; the growth is from a tenth of them. It leaves out the start of Python and Airflow, which takes
            as long for one DAG as for all.
    """
    folder = _emptied("freeze")
    configs = configurations(dags)
    runs: dict[int, Frozen] = {}
    for number in (1, dags // 10, dags):
        with progress(f"Freezing {number:,} DAGs"):
            runs[number] = _freeze(_loop(folder / str(number), configs[:number]))
    source = folder / str(dags) / "loop" / "loop.py"
    with progress(f"Importing {dags:,} DAGs"):
        (imported,) = imports_in_turns([(source, None)], 1).seconds[0]
    edited = configs[0].model_copy(update={"steps": configs[0].steps % 9 + 1})
    with progress(f"Freezing {dags:,} DAGs again, one of them edited"):
        again = _freeze(_loop(folder / str(dags), [edited, *configs[1:]]))
    start = runs[1].cpu_seconds
    each = {number: (run.cpu_seconds - start) / (number - 1) for number, run in runs.items() if number > 1}
    return {
        "freeze_over_import": Figure(
            runs[dags].cpu_seconds / imported,
            "times",
            f"CPU time to freeze {dags:,} DAGs and prove them equal, compared with one import of them",
        ),
        "freeze_growth": Figure(
            each[dags] / each[dags // 10],
            "times",
            f"CPU time to freeze a DAG among {dags:,}, compared with one among {dags // 10:,} "
            "(Airflow's start excluded)",
        ),
        "freeze_dags": Figure(dags, "DAGs", "frozen, and again after one of them was edited", measured=False),
        "freeze_files_written": Figure(
            again.files_written, "files", f"files written when one of {dags:,} DAGs was edited"
        ),
    }


def installed_peers() -> Path:
    """dag-factory, gusty and Cosmos, with what they need beyond this environment, in a folder of their own."""
    target = WORK / "bench" / "peers"
    marker = target / ".installed"
    if not marker.exists() or marker.read_bytes() != PEERS.read_bytes():
        shutil.rmtree(target, ignore_errors=True)
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*install, "--target", str(target), "-r", str(PEERS)], check=True)
        marker.write_bytes(PEERS.read_bytes())
    return target


def environment(peers: Path | None = None) -> dict[str, str]:
    """Variables for a process that imports DAG files: an Airflow of its own, and perhaps the peers on the path."""
    variables = {**clean_environment(os.environ), **airflow_environment(WORK / "bench" / "airflow")}
    variables["AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT"] = "600"
    if peers:
        variables["PYTHONPATH"] += f"{os.pathsep}{peers}"
    return variables


def tasks(dag: DAG) -> dict[str, dict[str, Any]]:
    """The tasks of a DAG, each with its operator, the arguments of its own class, and the tasks before it."""
    return {
        task.task_id: {
            "operator": f"{type(task).__module__}.{type(task).__qualname__}",
            **{name: getattr(task, name) for name in _own_arguments(type(task))},
            "dependencies": sorted(task.upstream_task_ids),
        }
        for task in dag.tasks
    }


def _freeze(source: Path, *, dags_per_file: int = 50, peers: Path | None = None) -> Frozen:
    out, report = source.parent / "frozen", source.parent / "report.json"
    command = [sys.executable, "-m", "dagfreeze", str(source), "--out", str(out), "--report", str(report)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(
        [*command, "--dags-per-file", str(dags_per_file)],
        capture_output=True,
        text=True,
        env=environment(peers),
        check=False,
    )
    if result.returncode:
        raise RuntimeError(f"the freezing failed:\n{result.stderr[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Frozen(out, spent, len(json.loads(report.read_text(encoding="utf-8"))["written"]))


def _ratio(of: Sequence[float], to: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(of, to, strict=True))


def _loop(folder: Path, configs: Iterable[PipelineConfig]) -> Path:
    place = folder / "loop"
    place.mkdir(parents=True, exist_ok=True)
    (place / "pipelines.json").write_text(json.dumps([config.model_dump() for config in configs]))
    return Path(shutil.copy(PROGRAMS / "loop.py", place))


def _dag_factory(folder: Path, dags: Iterable[DAG]) -> Path:
    place = folder / "dag_factory"
    place.mkdir()
    described = {
        dag.dag_id: {
            **_dag_arguments(dag),
            "tasks": [{"task_id": task_id, **task} for task_id, task in tasks(dag).items()],
        }
        for dag in dags
    }
    (place / "dag_factory.yml").write_text(_yaml(described), encoding="utf-8")
    return Path(shutil.copy(PROGRAMS / "load_dag_factory.py", place))


def _gusty(folder: Path, dags: Iterable[DAG]) -> Path:
    place = folder / "gusty"
    for dag in dags:
        dag_folder = place / "gusty" / dag.dag_id
        dag_folder.mkdir(parents=True)
        (dag_folder / "METADATA.yml").write_text(_yaml(_dag_arguments(dag)), encoding="utf-8")
        for task_id, task in tasks(dag).items():
            (dag_folder / f"{task_id}.yml").write_text(_yaml(task), encoding="utf-8")
    return Path(shutil.copy(PROGRAMS / "load_gusty.py", place))


def _dag_arguments(dag: DAG) -> dict[str, Any]:
    """The arguments of a DAG that both peers pass on."""
    assert dag.start_date is not None
    names = ("dag_display_name", "description", "doc_md", "schedule", "catchup")
    start = {"start_date": dag.start_date.date().isoformat()}
    return {
        **{name: getattr(dag, name) for name in names},
        "default_args": {**dag.default_args, **start},
        "tags": sorted(dag.tags),
    }


def _own_arguments(operator: type) -> list[str]:
    common = inspect.signature(BaseOperator).parameters
    return [name for name in inspect.signature(operator).parameters if name not in common]


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)


def _only_file(folder: Path) -> Path:
    (file,) = folder.glob("*.py")
    return file


def _emptied(name: str) -> Path:
    folder = WORK / "bench" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
