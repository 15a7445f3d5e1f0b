"""Measures the generator and its files against a hand-written loop and two published DAG factories, in CPU time.

Each function returns a dict of figures and ratios. CPU seconds, because a busy machine stretches all others; ratios of
measurements taken in turns in one process, because machines differ.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.config import PipelineConfig
from pipelines.generate import Options, generate
from pipelines.shards import Limits, Member, place_of, shards
from workbook.catalog import configurations, write_catalog
from workbook.progress import progress
from workbook.workspace import WORK, airflow_environment

Figures = dict[str, float | int]

_PEERS = Path(__file__).with_name("bench_peers.txt")

_LOOP = '''"""The leanest loop over the same DAGs: no validation, no model, one file of JSON beside it."""

import json
from datetime import UTC, datetime
from pathlib import Path

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, chain

from pipelines.operators import CheckSource, LoadStep

START_DATE = datetime(2026, 1, 1, tzinfo=UTC)

for values in json.loads(Path(__file__).with_name("pipelines.json").read_text()):
    with DAG(
        dag_id=values["id"],
        dag_display_name=values["name"],
        description=values["description"],
        doc_md=values["doc_md"],
        schedule=None,
        start_date=START_DATE,
        catchup=False,
        default_args={"owner": values["notify"]},
        owner_links={values["notify"]: f"mailto:{values['notify']}"},
        tags=["pipelines", values["kind"]],
    ):
        steps = [
            LoadStep(task_id=f"step_{n}", part=n, parts=values["steps"], destination=values["destination"])
            for n in range(1, values["steps"] + 1)
        ]
        chain(
            EmptyOperator(task_id="start"),
            CheckSource(task_id="preconditions", bucket=values["source_bucket"], pattern=values["source_pattern"]),
            *([steps] if values["kind"] == "full" else steps),
            EmptyOperator(task_id="end"),
        )
'''

_DAG_FACTORY = '''"""dag-factory, from one YAML file."""

from pathlib import Path

from dagfactory import load_yaml_dags

load_yaml_dags(globals_dict=globals(), config_filepath=str(Path(__file__).with_name("dag_factory.yml")))
'''

_GUSTY = '''"""gusty, a folder per DAG and a YAML file per task."""

from pathlib import Path

from gusty import create_dags

create_dags(str(Path(__file__).with_name("gusty")), globals(), latest_only=False)
'''

# Runs in a fresh process: imports each layout in turns, as Airflow's DAG processor does, and prints the CPU seconds.
_PROBE = """
import gc, json, os, sys, time, logging, warnings
warnings.simplefilter("ignore")
logging.disable(logging.ERROR)
layouts, rounds = json.loads(sys.stdin.read())
from airflow.dag_processing.dagbag import DagBag
found = {name: [] for name in layouts}
shapes = {}
for number in range(rounds + 1):
    for name, (path, expected, wanted) in layouts.items():
        os.environ.pop("_AIRFLOW_PARSING_CONTEXT_DAG_ID", None)
        if wanted:
            os.environ["_AIRFLOW_PARSING_CONTEXT_DAG_ID"] = wanted
        gc.collect()
        begin = time.process_time()
        bag = DagBag(path, safe_mode=False)
        seconds = time.process_time() - begin
        assert not bag.import_errors, (name, bag.import_errors)
        assert len(bag.dags) == expected, (name, len(bag.dags), expected)
        # the same work: as many tasks and as many edges between them, or the comparison is none
        tasks = [task for dag in bag.dags.values() for task in dag.tasks]
        shape = (len(tasks), sum(len(task.downstream_task_ids) for task in tasks))
        assert shapes.setdefault(expected, shape) == shape, (name, shape, shapes)
        del bag, tasks
        if number:  # the first round compiles files and imports what they need
            found[name].append(seconds)
json.dump(found, sys.stdout)
"""


def import_costs(dags: int = 500, rounds: int = 5, *, peers: bool = True) -> Figures:
    """CPU per DAG to import the same DAGs from different files.

    Args:
        dags: how many.
        rounds: measurements of each.
        peers: measure dag-factory and gusty, too; they are installed into ``.workbook/bench`` first.

    Returns:
        ``*_ms_per_dag`` of each, and how much of each generated files of 50 need (``generated_vs_*``).
    """
    folder = _emptied("imports")
    configs = configurations(dags)
    layouts = {
        "loop": (_loop(folder, configs), dags, None),
        "generated": (_generated(folder, configs, 50), dags, None),
        "file_per_dag": (_generated(folder, configs, 1), dags, None),
    }
    if peers:
        layouts["dag_factory"] = (_dag_factory(folder, configs), dags, None)
        layouts["gusty"] = (_gusty(folder, configs), dags, None)
    with progress(f"Importing {dags:,} DAGs from each kind of file, {rounds} times"):
        found = _probe(layouts, rounds, peers=_installed_peers() if peers else None)
    figures: Figures = {"dags": dags}
    for name, seconds in found.items():
        figures[f"{name}_ms_per_dag"] = 1e3 * min(seconds) / dags
    for name in layouts.keys() - {"generated"}:
        figures[f"generated_vs_{name}"] = _ratio(found["generated"], found[name])
    return figures


def task_start_costs(rounds: int = 30) -> Figures:
    """CPU to import the file of one DAG as the start of a task does, from several kinds of files.

    Returns:
        ``*_ms`` of a file with one DAG, of a guarded shard of 50, of the loop over 1,000; and ``shard_vs_single``.
    """
    folder = _emptied("task_start")
    configs = configurations(1_000)
    one = configs[0]
    single = _generated(folder, [one], 1)
    shard = _generated(folder, configs[:50], 1_000)
    layouts = {
        "single": (next(single.glob("*.py")), 1, one.id),
        "shard": (next(shard.glob("*.py")), 1, one.id),
        "loop": (_loop(folder, configs), 1_000, one.id),
    }
    with progress(f"Importing the file of one DAG as the start of a task does, {rounds} times"):
        found = _probe(layouts, rounds)
    figures: Figures = {f"{name}_ms": 1e3 * min(seconds) for name, seconds in found.items()}
    return {**figures, "shard_vs_single": _ratio(found["shard"], found["single"])}


def generator_costs(rounds: int = 5) -> Figures:
    """CPU of the generator: per DAG, against one parse of its files, and when one of 10,000 is edited.

    Without the start of Python, which takes as long for one DAG as for 10,000.

    Returns:
        ``full_ms_*`` at 1,000 and 10,000; ``growth``: CPU per DAG at 10,000 relative to 1,000; ``edited_ms`` and
        ``edited_vs_full`` at 10,000; ``edited_files``: files written then; ``generate_vs_parse``: at 1,000.
    """
    folder = _emptied("generator")
    full: dict[int, list[float]] = {1_000: [], 10_000: []}
    edited: list[float] = []
    files = 0
    for dags in full:
        write_catalog(folder / str(dags), configurations(dags))
    with progress("Generating 1,000 and 10,000 DAGs") as bar:
        for number in range(rounds):
            bar.say(f"round {number + 1} of {rounds}")
            for dags, seconds in full.items():
                options = Options(folder / f"out_{dags}_{number}", folder / str(dags))
                repeats = 10_000 // dags  # as many DAGs in each measurement
                generate(options)
                seconds.append(statistics.mean(_cpu_of_full_build(options) for _ in range(repeats)))
            _edit(folder / "10000", number)
            begin = time.process_time()
            files = max(files, len(generate(options).write))
            edited.append(time.process_time() - begin)
            shutil.rmtree(options.out)
    with progress("Importing 1,000 generated DAGs"):
        parse = _probe({"parse": (_generated(folder, configurations(1_000), 50), 1_000, None)}, 3)["parse"]
    return {
        "full_ms_1000": 1e3 * min(full[1_000]),
        "full_ms_10000": 1e3 * min(full[10_000]),
        "growth": min(full[10_000]) / (10 * min(full[1_000])),
        "edited_ms": 1e3 * min(edited),
        "edited_files": files,
        "edited_vs_full": min(edited) / min(full[10_000]),
        "generate_vs_parse": min(full[1_000]) / min(parse),
    }


def membership_costs(dags: int = 1_000, added: int = 200, dags_per_file: int = 50) -> Figures:
    """How many files, and DAGs in them, Airflow must parse again for each DAG that is added.

    Returns:
        ``files_per_addition`` and ``files`` with the generator's membership, and ``counted_files_per_addition`` when
        every file but the last holds exactly as many DAGs, in the order of their ids.
    """
    ids = [config.id for config in configurations(dags + added)]
    limits = Limits(dags_per_file, 1 << 62, 0)

    def stable(count: int) -> list[Sequence[str]]:
        members = [Member(place_of(name), name, 0) for name in ids[:count]]
        return [[member.id for member in part] for part in shards(members, limits).values()]

    def counted(count: int) -> list[Sequence[str]]:
        in_order = sorted(ids[:count])
        return [in_order[begin : begin + dags_per_file] for begin in range(0, count, dags_per_file)]

    return {
        "files": len(stable(dags)),
        "files_per_addition": _rewritten(stable, dags, added) / added,
        "counted_files_per_addition": _rewritten(counted, dags, added) / added,
    }


def _rewritten(distribute: Callable[[int], Iterable[Sequence[str]]], dags: int, added: int) -> int:
    total = 0
    before = {tuple(part) for part in distribute(dags)}
    for count in range(dags + 1, dags + added + 1):
        after = {tuple(part) for part in distribute(count)}
        total += len(after - before)
        before = after
    return total


def _cpu_of_full_build(options: Options) -> float:
    shutil.rmtree(options.out)
    shutil.rmtree(options.out.with_name(f".{options.out.name}.generate"))
    begin = time.process_time()
    generate(options)
    return time.process_time() - begin


def _edit(catalog: Path, number: int) -> None:
    path = sorted(catalog.iterdir())[number]
    values = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**values, "steps": values["steps"] % 9 + 1}), encoding="utf-8")


def _ratio(of: Sequence[float], to: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(of, to, strict=True))


def _loop(folder: Path, configs: Iterable[PipelineConfig]) -> Path:
    from pipelines.documentation import documentation

    values = [{**config.model_dump(), "doc_md": documentation(config)} for config in configs]
    (folder / "loop").mkdir()
    (folder / "loop" / "pipelines.json").write_text(json.dumps(values))
    (folder / "loop" / "loop.py").write_text(_LOOP)
    return folder / "loop" / "loop.py"


def _generated(folder: Path, configs: Sequence[PipelineConfig], dags_per_file: int) -> Path:
    name = f"{len(configs)}_{dags_per_file}"
    write_catalog(folder / f"catalog_{name}", configs)
    generate(Options(folder / f"dags_{name}", folder / f"catalog_{name}", dags_per_file=dags_per_file))
    return folder / f"dags_{name}"


def _tasks(config: PipelineConfig) -> dict[str, dict[str, Any]]:
    """The tasks of a pipeline, each with its operator, arguments and the tasks before it."""
    empty = {"operator": "airflow.providers.standard.operators.empty.EmptyOperator"}
    steps = [f"step_{number}" for number in range(1, config.steps + 1)]
    tasks: dict[str, dict[str, Any]] = {
        "start": {**empty, "dependencies": []},
        "preconditions": {
            "operator": "pipelines.operators.CheckSource",
            "bucket": config.source_bucket,
            "pattern": config.source_pattern,
            "dependencies": ["start"],
        },
    }
    before = ["preconditions"]
    for number, step in enumerate(steps, 1):
        tasks[step] = {
            "operator": "pipelines.operators.LoadStep",
            "part": number,
            "parts": config.steps,
            "destination": config.destination,
            "dependencies": before,
        }
        before = before if config.kind == "full" else [step]
    return {**tasks, "end": {**empty, "dependencies": steps if config.kind == "full" else before}}


def _dag_arguments(config: PipelineConfig) -> dict[str, Any]:
    return {
        "description": config.description,
        "schedule": None,
        "catchup": False,
        "default_args": {"owner": config.notify, "start_date": "2026-01-01"},
        "tags": ["pipelines", config.kind],
    }


def _dag_factory(folder: Path, configs: Iterable[PipelineConfig]) -> Path:
    (folder / "dag_factory").mkdir()
    dags = {
        config.id: {
            **_dag_arguments(config),
            "tasks": [{"task_id": name, **task} for name, task in _tasks(config).items()],
        }
        for config in configs
    }
    (folder / "dag_factory" / "dag_factory.yml").write_text(_yaml(dags))
    (folder / "dag_factory" / "load.py").write_text(_DAG_FACTORY)
    return folder / "dag_factory" / "load.py"


def _gusty(folder: Path, configs: Iterable[PipelineConfig]) -> Path:
    for config in configs:
        dag = folder / "gusty" / "gusty" / config.id
        dag.mkdir(parents=True)
        (dag / "METADATA.yml").write_text(_yaml(_dag_arguments(config)))
        for name, task in _tasks(config).items():
            (dag / f"{name}.yml").write_text(_yaml(task))
    (folder / "gusty" / "load.py").write_text(_GUSTY)
    return folder / "gusty" / "load.py"


def _yaml(value: object) -> str:
    import yaml

    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)


def _installed_peers() -> Path:
    """dag-factory and gusty, with what they need beyond this environment, in a folder of their own."""
    target = WORK / "bench" / "peers"
    done = target / ".installed"
    if not done.exists() or done.read_bytes() != _PEERS.read_bytes():
        shutil.rmtree(target, ignore_errors=True)
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*install, "--target", str(target), "-r", str(_PEERS)], check=True)
        done.write_bytes(_PEERS.read_bytes())
    return target


def _probe(
    layouts: Mapping[str, tuple[Path, int, str | None]], rounds: int, peers: Path | None = None
) -> dict[str, list[float]]:
    from workbook.supervisor import clean_environment

    environment = {**clean_environment(os.environ), **airflow_environment(WORK / "bench" / "airflow")}
    environment["AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT"] = "600"
    if peers:
        environment["PYTHONPATH"] += f"{os.pathsep}{peers}"
    question = json.dumps([{name: [str(path), *rest] for name, (path, *rest) in layouts.items()}, rounds])
    result = subprocess.run(
        [sys.executable, "-c", _PROBE],
        input=question,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if result.returncode:
        raise RuntimeError(f"the measurement failed:\n{result.stderr[-3000:]}")
    found: dict[str, list[float]] = json.loads(result.stdout[result.stdout.rindex("{") :])
    return found


def _emptied(name: str) -> Path:
    folder = WORK / "bench" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
