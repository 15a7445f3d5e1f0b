"""Measures frozen DAG files, and the freezing, against a hand-written loop and two published DAG factories.

Each function returns a dict of figures and ratios. CPU seconds, because a busy machine stretches all others; ratios of
measurements taken in turns in one process, because machines differ.
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
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from airflow.sdk import DAG, BaseOperator

from pipelines.blueprint import build
from pipelines.config import PipelineConfig
from workbook.catalog import configurations
from workbook.environment import clean_environment
from workbook.progress import progress
from workbook.workspace import WORK, airflow_environment

Figures = dict[str, float | int]
Layout = tuple[Path, int, str | None]
"""A file or a folder, how many DAGs it defines, and which of them a task that starts would want."""

PEERS = Path(__file__).with_name("peers.txt")
PROGRAMS = Path(__file__).with_name("programs")


class Frozen(NamedTuple):
    """What one run of ``python -m dagfreeze`` did.

    Attributes:
        folder: the frozen files.
        cpu_seconds: of the command and of all processes that it started.
        written: how many files it wrote.
    """

    folder: Path
    cpu_seconds: float
    written: int


def import_costs(dags: int = 500, rounds: int = 5, *, peers: bool = True) -> Figures:
    """CPU per DAG to import the same DAGs from different files.

    Args:
        dags: how many.
        rounds: measurements of each.
        peers: measure dag-factory and gusty, too; they are installed into ``.workbook/bench`` first.

    Returns:
        ``*_ms_per_dag`` of each factory and of its own frozen files, at most 50 DAGs in each; and how much of a
        factory's CPU its frozen files need (``frozen_vs_*``).
    """
    folder = _emptied("imports")
    configs = configurations(dags)
    path = installed_peers() if peers else None
    factories = {"loop": _loop(folder, configs)}
    if peers:
        built = [build(config) for config in configs]
        factories |= {"dag_factory": _dag_factory(folder, built), "gusty": _gusty(folder, built)}
    layouts: dict[str, Layout] = {}
    for name, source in factories.items():
        layouts[name] = (source, dags, None)
        with progress(f"Freezing {dags:,} DAGs of {source.name}"):
            layouts[f"frozen_{name}"] = (_freeze(source, peers=path).folder, dags, None)
    with progress(f"Importing {dags:,} DAGs from each kind of file, {rounds} times"):
        seconds = _probe(layouts, rounds, peers=path)
    figures: Figures = {"dags": dags}
    figures |= {f"{name}_ms_per_dag": 1e3 * min(found) / dags for name, found in seconds.items()}
    figures |= {f"frozen_vs_{name}": _ratio(seconds[f"frozen_{name}"], seconds[name]) for name in factories}
    return figures


def task_start_costs(rounds: int = 30) -> Figures:
    """CPU to import the file of one DAG as the start of a task does, from several kinds of files.

    Returns:
        ``*_ms`` of a frozen file with one DAG, of a guarded shard of 50, of the loop over 1,000; and
        ``shard_vs_single``.
    """
    folder = _emptied("task_start")
    configs = configurations(1_000)
    first = configs[0]
    with progress("Freezing a file of one DAG and a shard of 50"):
        single = _freeze(_loop(folder / "1", [first])).folder
        shard = _freeze(_loop(folder / "50", configs[:50]), dags_per_file=1_000).folder
    layouts: dict[str, Layout] = {
        "single": (_only_file(single), 1, first.id),
        "shard": (_only_file(shard), 1, first.id),
        "loop": (_loop(folder / "1000", configs), 1_000, first.id),
    }
    with progress(f"Importing the file of one DAG as the start of a task does, {rounds} times"):
        seconds = _probe(layouts, rounds)
    figures: Figures = {f"{name}_ms": 1e3 * min(found) for name, found in seconds.items()}
    return {**figures, "shard_vs_single": _ratio(seconds["shard"], seconds["single"])}


def freeze_costs(dags: int = 10_000) -> Figures:
    """CPU of the command, proof included: against one import of the same DAGs, and as their number grows.

    Args:
        dags: how many; the growth is from a tenth of them.

    Returns:
        ``freeze_vs_import``: the whole command, in times of one import; ``growth``: CPU per DAG relative to a tenth of
        the DAGs, without the start of Python and Airflow, which takes as long for one DAG as for all; ``start_s``:
        that start; ``freeze_ms_per_dag``; ``files``, and ``edited_files``: those written after one DAG was edited.
    """
    folder = _emptied("freeze")
    configs = configurations(dags)
    runs: dict[int, Frozen] = {}
    for number in (1, dags // 10, dags):
        with progress(f"Freezing {number:,} DAGs"):
            runs[number] = _freeze(_loop(folder / str(number), configs[:number]))
    source = folder / str(dags) / "loop" / "loop.py"
    with progress(f"Importing {dags:,} DAGs"):
        imported = min(_probe({"loop": (source, dags, None)}, 1)["loop"])
    edited = configs[0].model_copy(update={"steps": configs[0].steps % 9 + 1})
    with progress(f"Freezing {dags:,} DAGs again, one of them edited"):
        again = _freeze(_loop(folder / str(dags), [edited, *configs[1:]]))
    start = runs[1].cpu_seconds
    each = {number: (run.cpu_seconds - start) / (number - 1) for number, run in runs.items() if number > 1}
    return {
        "dags": dags,
        "start_s": start,
        "freeze_ms_per_dag": 1e3 * each[dags],
        "freeze_vs_import": runs[dags].cpu_seconds / imported,
        "growth": each[dags] / each[dags // 10],
        "files": runs[dags].written,
        "edited_files": again.written,
    }


def installed_peers() -> Path:
    """dag-factory, gusty and Cosmos, with what they need beyond this environment, in a folder of their own."""
    target = WORK / "bench" / "peers"
    done = target / ".installed"
    if not done.exists() or done.read_bytes() != PEERS.read_bytes():
        shutil.rmtree(target, ignore_errors=True)
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*install, "--target", str(target), "-r", str(PEERS)], check=True)
        done.write_bytes(PEERS.read_bytes())
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
    _run([*command, "--dags-per-file", str(dags_per_file)], peers)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Frozen(out, spent, len(json.loads(report.read_text(encoding="utf-8"))["written"]))


def _probe(layouts: Mapping[str, Layout], rounds: int, peers: Path | None = None) -> dict[str, list[float]]:
    question = json.dumps([{name: [str(path), *rest] for name, (path, *rest) in layouts.items()}, rounds])
    answer = _run([sys.executable, "-P", str(PROGRAMS / "probe.py")], peers, question)
    seconds: dict[str, list[float]] = json.loads(answer[answer.rindex("{") :])
    return seconds


def _run(command: Sequence[str], peers: Path | None, question: str | None = None) -> str:
    done = subprocess.run(
        command, input=question, capture_output=True, text=True, env=environment(peers), check=False
    )
    if done.returncode:
        raise RuntimeError(f"the measurement failed:\n{done.stderr[-3000:]}")
    return done.stdout


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
        own = place / "gusty" / dag.dag_id
        own.mkdir(parents=True)
        (own / "METADATA.yml").write_text(_yaml(_dag_arguments(dag)), encoding="utf-8")
        for task_id, task in tasks(dag).items():
            (own / f"{task_id}.yml").write_text(_yaml(task), encoding="utf-8")
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
