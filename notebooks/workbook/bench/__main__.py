"""Every figure that the README and the slides quote, measured side by side in one run: ``python -m workbook.bench``.

Writes ``slides/results.json``, which the slides are built from, and the table in the README. With names of groups it
measures these again and keeps the other figures, if they are of the same machine.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import timeit
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, NamedTuple

import json5
import pyjson5

from workbook import stack
from workbook.bench import freeze
from workbook.bench.layouts import cycle_costs
from workbook.bench.machine import describe
from workbook.bench.waiting import LARGE, SMALL, waiting_costs
from workbook.catalog import configurations, dag_folder
from workbook.measure import ParsingHome, parse_cycle
from workbook.measure.layouts import lay_out
from workbook.progress import progress
from workbook.services import config_service
from workbook.stack import handle
from workbook.workspace import ROOT, lesson_folder

RESULTS = ROOT / "slides" / "results.json"
README = ROOT / "README.md"
TABLE = re.compile(r"(<!-- measured by make bench -->\n).*?(<!-- end -->)", re.DOTALL)

TURNS = 3
"""Runs of each factory's DAG, for the start of a task."""


@dataclass(frozen=True)
class Result:
    """One figure.

    Attributes:
        value: the number as measured.
        unit: what it counts, or ``times`` for a ratio.
        text: as it is shown.
        how: what was measured, in a sentence.
    """

    value: float
    unit: str
    text: str
    how: str


Results = dict[str, Result]
Measured = tuple[Results, dict[str, Any]]
"""Figures by name, and charts by name, each as the slides take it: ``function`` and its ``data``."""


def parse_time_calls() -> Measured:
    """The factory that asks a service, against frozen files of the same pipelines; then the import timeout."""
    here, pipelines, latency, timeout = lesson_folder("bench-calls"), 200, 0.020, 6.0
    measured: dict[int, float] = {}
    for number in (10, 100, pipelines):
        with config_service(number, latency=latency) as service:
            cycle = parse_cycle(dag_folder(here / "dynamic", "from_service", service_url=service.url))
            requests, measured[number] = service.requests, float(cycle.files.seconds[0])
    lay_out(here / "static", configurations(pipelines), 50)
    with config_service(pipelines, latency=latency) as service:
        parse_cycle(here / "static" / "dags")
        static_requests = service.requests + service.lists
        folder = dag_folder(here / "dynamic", "from_service", service_url=service.url)
        with ParsingHome({"core.dagbag_import_timeout": timeout}) as home:
            before = home.parse_cycle(folder).active
            service.set(latency=2 * timeout / pipelines)
            after = home.parse_cycle(folder)
    how = f"one cycle of the DAG processor, {pipelines} pipelines, {latency * 1000:.0f} ms for an answer"
    results = {
        "factory_pipelines": Result(pipelines, "pipelines", f"{pipelines}", how),
        "factory_latency": Result(latency * 1000, "ms", f"{latency * 1000:.0f} ms", how),
        "factory_requests": Result(
            requests,
            "requests",
            f"{requests}",
            "requests of one parse of a factory of 200 pipelines that asks a service",
        ),
        "factory_import": Result(
            measured[pipelines],
            "s",
            f"{measured[pipelines]:.1f} s",
            "duration of that parse, at 20 ms per answer",
        ),
        "static_requests": Result(
            static_requests,
            "requests",
            f"{static_requests}",
            "requests of one parse of the frozen files of the same pipelines",
        ),
        "timeout_import_errors": Result(
            len(after.import_errors),
            "errors",
            f"{len(after.import_errors)}",
            f"import errors when the service is slow, at an import timeout of {timeout:g} s",
        ),
        "timeout_dags": Result(before, "DAGs", f"{before}", "active before the timeout"),
        "timeout_stale": Result(
            before - after.active,
            "DAGs",
            f"{before - after.active}",
            f"DAGs, of {before}, that become stale with that import error",
        ),
    }
    chart = {
        "measured": list(measured.items()),
        "limit": 30,
        "title": "A quick answer for each pipeline still adds up",
        "sentence": f"{pipelines} calls of 20 ms make the parse of one file take «{measured[pipelines]:.1f} s».",
    }
    return results, {"dial": {"function": "dial", "data": chart}}


def task_starts() -> Measured:
    """The same task from a factory of one, from a factory of 200, and with the parsing context."""
    here = lesson_folder("bench-tasks")
    durations: dict[str, list[float]] = {}
    try:
        airflow = stack.start()
        with ExitStack() as services:
            first = {}
            for label, factory, number, seed in (
                ("a factory of 1 DAG", "from_service", 1, 31),
                ("a factory of 200 DAGs", "from_service", 200, 32),
                ("200, with the parsing context", "parsing_context", 200, 33),
            ):
                made = configurations(number, seed=seed)
                # a single step, or some of the tasks would run at once and share the cores
                known = [made[0].model_copy(update={"steps": 1}), *made[1:]]
                service = services.enter_context(config_service(known, latency=0.020))
                name = f"{here.name}-{seed}"
                with progress(f"Publishing {label}"):
                    airflow.publish(name, dag_folder(here / name, factory, service_url=service.url))
                first[label] = known[0].id
            with progress("Tasks from each in turns") as bar:
                for number in range(TURNS + 1):
                    bar.say(f"turn {number + 1} of {TURNS + 1}")
                    for label, dag_id in first.items():
                        found = _durations(airflow, dag_id)
                        if number:  # the first tasks on a fresh Airflow are slower
                            durations.setdefault(label, []).extend(found)
    finally:
        stack.stop()
    seconds = {label: median(found) for label, found in durations.items()}
    small, big, context = seconds.values()
    results = {
        "task_start_big_over_small": _times(
            big / small,
            "duration of a task that only logs, on a complete Airflow: from a factory of 200 that asks a service, "
            "compared with a factory of 1",
        ),
        "task_start_context_over_small": _times(
            context / small, "the same, when the factory of 200 uses the parsing context"
        ),
    }
    chart = {
        "values": list(seconds.items()),
        "highlight": "a factory of 200 DAGs",
        "title": "A task that does nothing pays for the whole file of its DAG",
        "sentence": f"From the factory of 200 the task takes «{big:.1f} s», from a factory of one «{small:.1f} s».",
    }
    return results, {"task_start": {"function": "bars", "data": chart}}


def _durations(airflow: stack.Airflow, dag_id: str) -> list[float]:
    """Seconds of each task of a run that a worker executed."""
    run = airflow.trigger(dag_id)
    airflow.wait(dag_id, run)
    tasks = airflow.task_instances(dag_id, run)
    return list(tasks.duration[tasks.operator != "EmptyOperator"])


def parsers() -> Measured:
    """The same 200 configurations read by three parsers; the best of three rounds each."""
    texts = [json.dumps(config.model_dump()) for config in configurations(200)]

    def best(parse: Callable[[str], object]) -> float:
        return min(timeit.repeat(lambda: [parse(text) for text in texts], number=1, repeat=3))

    with progress("Reading the same configurations with each parser"):
        plain, compiled, pure = best(json.loads), best(pyjson5.loads), best(json5.loads)
    how = "reading the same 200 configurations:"
    return {
        "json5_over_json": _times(pure / plain, f"{how} json5 compared with json"),
        "pyjson5_over_json": _times(compiled / plain, f"{how} pyjson5 compared with json"),
    }, {}


def layouts() -> Measured:
    """1,000 DAGs on the real DAG processor: frozen one per file and in shards, two factories; the model of it."""
    costs = cycle_costs()
    dags, service, catalog = costs["dags"], costs["cycle_s_service"], costs["cycle_s_json"]
    one_each, fifty = costs["cycle_s_1_per_file"], costs["cycle_s_50_per_file"]
    how = f"repeated cycle of the DAG processor over {dags:,.0f} DAGs"
    model = "error for layouts it was not fitted to"
    results = {
        "cycle_dags": Result(dags, "DAGs", f"{dags:,.0f}", how),
        "cycle_shards": _seconds(fifty, f"{how}, at most 50 per frozen file"),
        "cycle_file_per_dag_over_shards": _times(
            costs["one_vs_50"],
            "the same cycle with one frozen file per DAG, compared with at most 50 per file",
        ),
        "cycle_json": _seconds(
            catalog, "the same cycle with one factory that reads JSON files and calls nobody"
        ),
        "cycle_service_minus_shards": _seconds(
            costs["service_extra_s"],
            "how much longer the cycle of the shards is with the factory that asks a service",
        ),
        "cycle_calls": _seconds(costs["calls_s"], "of this, spent on the service's answers, 20 ms per DAG"),
        "model_error": _percent(costs["model_error"], f"the model's median {model}"),
        "model_error_worst": _percent(costs["model_error_worst"], f"the model's worst {model}"),
    }
    chart = {
        "values": [
            ["factory that asks a service", service],
            ["one frozen file per DAG", one_each],
            ["factory that reads JSON files", catalog],
            ["at most 50 DAGs per guarded file", fifty],
        ],
        "highlight": "at most 50 DAGs per guarded file",
        "title": "A file for each DAG parses slowly, and so does a call for each DAG",
        "sentence": f"A cycle over {dags:,.0f} DAGs takes «{service:.0f} s» as a factory that asks a service, "
        f"«{one_each:.0f} s» as one frozen file per DAG, «{catalog:.0f} s» as a factory that reads JSON files, "
        f"«{fifty:.0f} s» with at most 50 in a frozen file.",
    }
    return results, {"cycle": {"function": "bars", "data": chart}}


def freezer() -> Measured:
    """CPU of the frozen files and of the freezing, against a loop by hand and two published factories."""
    imports = freeze.import_costs()
    starts = freeze.task_start_costs()
    costs = freeze.freeze_costs()
    dags, tenth = f"{costs['dags']:,.0f}", f"{costs['dags'] / 10:,.0f}"
    how = f"CPU time to import {imports['dags']} DAGs, at most 50 per frozen file, compared with"
    return {
        "import_frozen_over_loop": _times(imports["frozen_vs_loop"], f"{how} the leanest loop by hand"),
        "import_frozen_over_dag_factory": _times(
            imports["frozen_vs_dag_factory"], f"{how} dag-factory, from whose YAML they were frozen"
        ),
        "import_frozen_over_gusty": _times(
            imports["frozen_vs_gusty"], f"{how} gusty, from whose YAML they were frozen"
        ),
        "task_start_shard_over_single": _times(
            starts["shard_vs_single"],
            "CPU time to import the file at a task start: a guarded file of 50 compared with a file of one",
        ),
        "freeze_over_import": _times(
            costs["freeze_vs_import"],
            f"CPU time to freeze {dags} DAGs and prove them equal, compared with one import of them",
        ),
        "freeze_growth": _times(
            costs["growth"],
            f"CPU time to freeze a DAG among {dags}, compared with one among {tenth} (Airflow's start excluded)",
        ),
        "freeze_dags": _count(costs["dags"], "DAGs", "frozen, and again after one of them was edited"),
        "freeze_files_written": _count(
            costs["edited_files"], "files", f"files written when one of {dags} DAGs was edited"
        ),
    }, {}


def waiting() -> Measured:
    """Jobs that run elsewhere, on a complete Airflow: makespans, slots held, a killed triggerer, 512 deferred tasks."""
    costs = waiting_costs()
    large, small = LARGE["blocking"], SMALL["blocking"]
    jobs = f"{large.jobs} jobs of {large.seconds:g} s on {large.slots} worker slots"
    held = f"worker slots held, of {large.slots}, while jobs run elsewhere"
    crash = f"{costs['crash_jobs']:.0f} tasks wait while the triggerer is killed and restarted"
    many = f"{costs['deferred']:.0f} tasks that wait at once on one triggerer"
    error = "error for run times it was not fitted to"
    results = {
        "makespan_jobs": _count(large.jobs, "jobs", jobs),
        "makespan_job_seconds": _seconds(large.seconds, jobs),
        "makespan_slots": _count(large.slots, "slots", jobs),
        "makespan_blocking": _seconds(
            costs["blocking_s"], f"{jobs}, blocking ({costs['least_s']:.0f} s is the least possible)"
        ),
        "makespan_deferrable": _seconds(costs["deferrable_s"], "the same jobs, deferrable"),
        "makespan_blocking_over_deferrable": _times(
            costs["ratio"], "the same jobs: blocking compared with deferrable"
        ),
        "makespan_overhead": Result(
            costs["overhead_s"],
            "s",
            f"{costs['overhead_s']:.2f} s",
            "what this machine needs for the two starts of a deferred task",
        ),
        "makespan_limit": _seconds(
            costs["limit_s"],
            f"upper limit for deferrable: the length of two jobs, plus the two starts for each of {large.jobs} tasks",
        ),
        "makespan_small_ratio": _times(
            costs["small_ratio"],
            f"{small.jobs} jobs of {small.seconds:g} s on {small.slots} slots: blocking compared with deferrable",
        ),
        "slots_held_blocking": _count(
            costs["held_blocking"], "slots", f"{held}: blocking, {costs['running_blocking']:.0f} jobs at once"
        ),
        "slots_held_deferrable": _count(
            costs["held_deferrable"],
            "slots",
            f"{held}: deferred, {costs['running_deferrable']:.0f} jobs at once",
        ),
        "crash_jobs": _count(costs["crash_jobs"], "jobs", crash),
        "crash_submitted": _count(costs["crash_submitted"], "jobs", f"{crash}: jobs submitted in total"),
        "crash_lost": _count(costs["crash_lost"], "jobs", f"{crash}: lost"),
        "deferred_at_once": _count(costs["deferred"], "tasks", "tasks that wait at once on one triggerer"),
        "deferred_completed": _count(costs["completed"], "tasks", "of these completed"),
        "triggerer_memory": Result(
            costs["triggerer_mb"],
            "MB",
            f"{costs['triggerer_mb']:.0f} MB",
            "memory of the triggerer's processes meanwhile, what they share counted once",
        ),
        "triggerer_polls": _count(
            costs["polls_per_second"], "per second", f"{many}: polls of the service per second"
        ),
        "simulation_error": _percent(costs["error"], f"the simulation's median {error}"),
        "simulation_error_worst": _percent(costs["error_worst"], f"the simulation's worst {error}"),
    }
    return results, {}


class Group(NamedTuple):
    """Figures that are measured together.

    Attributes:
        title: above them in the README.
        measure: makes them.
    """

    title: str
    measure: Callable[[], Measured]


GROUPS = {
    "calls": Group("A factory that asks a service", parse_time_calls),
    "task_starts": Group("The start of a task", task_starts),
    "parsers": Group("Reading configurations", parsers),
    "layouts": Group("DAGs per file", layouts),
    "freezer": Group("Frozen files, and the freezing", freezer),
    "waiting": Group("Waiting for jobs that run elsewhere", waiting),
}


def _times(value: float, how: str) -> Result:
    digits = 2 if value < 2 else 1 if value < 10 else 0
    return Result(value, "times", f"{value:,.{digits}f}", how)


def _seconds(value: float, how: str) -> Result:
    return Result(value, "s", f"{value:.{1 if value < 10 and value % 1 else 0}f} s", how)


def _percent(value: float, how: str) -> Result:
    return Result(100 * value, "%", f"{100 * value:.0f} %", how)


def _count(value: float, unit: str, how: str) -> Result:
    return Result(round(value), unit, f"{value:,.0f}", how)


SETTINGS = {
    "factory_pipelines",
    "factory_latency",
    "timeout_dags",
    "cycle_dags",
    "freeze_dags",
    "makespan_jobs",
    "makespan_job_seconds",
    "makespan_slots",
    "crash_jobs",
}
"""What was set, not measured; the slides need it, the table does not."""


def as_table(content: Mapping[str, Any]) -> str:
    """The figures of a results file, without what was merely set, as a Markdown table."""
    rows = []
    for name, group in GROUPS.items():
        shown = [
            f"| {one['how']} | {one['text']}{' times' if one['unit'] == 'times' else ''} |"
            for result, one in content["results"].items()
            if one["group"] == name and result not in SETTINGS
        ]
        rows += [f"| **{group.title}** | |", *shown] if shown else []
    return "\n".join([f"On: {content['machine']['text']}.\n", "| what | measured |", "|---|---|", *rows, ""])


def measure(names: Sequence[str], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Measure some groups, and put their figures in the place of those that were kept.

    Args:
        names: some of `GROUPS`.
        kept: what a results file says; empty to begin anew.

    Returns:
        What to write into the results file.
    """
    figures: dict[str, dict[str, Any]] = {name: {} for name in GROUPS}
    charts = dict(kept.get("charts", {}))
    for result, one in kept.get("results", {}).items():
        if one["group"] in figures:  # not of a group that there was once
            figures[one["group"]][result] = one
    for number, name in enumerate(names, 1):
        group = GROUPS[name]
        print(f"{number} of {len(names)}, {name}: {(group.measure.__doc__ or '').strip()}", flush=True)
        results, drawn = group.measure()
        figures[name] = {
            result: asdict(one) | {"value": float(f"{one.value:.4g}"), "group": name}
            for result, one in results.items()
        }
        charts |= drawn
    in_order = {result: one for measured in figures.values() for result, one in measured.items()}
    return {"machine": {"text": _machine()}, "results": in_order, "charts": charts}


def _machine() -> str:
    return ", ".join(f"{name} {value}" for name, value in describe().items())


def _kept(names: Sequence[str]) -> dict[str, Any]:
    """The figures that stay when only these groups are measured.

    Raises:
        ValueError: when there is no such group, or the figures are not to be mixed with this machine's.
    """
    if unknown := [name for name in names if name not in GROUPS]:
        raise ValueError(f'there is no group "{unknown[0]}"; there are {", ".join(GROUPS)}')
    if not names:
        return {}
    if not RESULTS.exists():
        raise ValueError("there are no figures yet to keep the others of; measure all groups")
    content: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    if content["machine"]["text"] != _machine():
        raise ValueError(
            f"{RESULTS.relative_to(ROOT)} is of another machine ({content['machine']['text']}); measure all groups"
        )
    return content


def main(arguments: Sequence[str]) -> int:
    """Measure every group, or those that are named; print the table, write the results."""
    parser = argparse.ArgumentParser(prog="python -m workbook.bench", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"one of {', '.join(GROUPS)}")
    names = parser.parse_args(arguments).groups
    try:
        kept = _kept(names)
    except ValueError as problem:
        print(f"Nothing was measured: {problem}.", file=sys.stderr)
        return 2
    handle.FOLDER = lesson_folder("bench-airflow")  # not the one that a learner uses
    try:
        content = measure(names or list(GROUPS), kept)
    except KeyboardInterrupt:
        print("\nStopped. Nothing was written.", file=sys.stderr)
        return 130
    RESULTS.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    table = as_table(content)
    readme = README.read_text(encoding="utf-8")
    README.write_text(TABLE.sub(lambda found: f"{found[1]}{table}{found[2]}", readme), encoding="utf-8")
    print(f"\n{table}\nWritten: {RESULTS.relative_to(ROOT)}, and the table in README.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
