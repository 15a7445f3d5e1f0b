"""What factories cost, measured: their parse time, the start of their tasks, their parsers."""

from __future__ import annotations

import json
import timeit
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

import json5
import pyjson5

from workbook import stack
from workbook.bench.figures import Measured, Result, as_times
from workbook.catalog import configurations, dag_folder
from workbook.measure import ParsingHome, parse_cycle
from workbook.measure.layouts import lay_out
from workbook.progress import progress
from workbook.services import config_service
from workbook.workspace import lesson_folder

TURNS = 3
"""Runs of each factory's DAG, for the start of a task."""


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
    how = f"one cycle of the DAG processor, {pipelines} pipelines, {latency * 1000:.0f} ms per answer"
    results = {
        "factory_pipelines": Result(pipelines, "pipelines", f"{pipelines}", how),
        "factory_latency": Result(latency * 1000, "ms", f"{latency * 1000:.0f} ms", how),
        "factory_requests": Result(
            requests,
            "requests",
            f"{requests}",
            "requests in one parse of a factory of 200 pipelines that asks a service",
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
            "requests in one parse of the frozen files of the same pipelines",
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
        "task_start_big_over_small": as_times(
            big / small,
            "duration of a task that only logs, on a complete Airflow: from a factory of 200 that asks a service, "
            "compared with a factory of 1",
        ),
        "task_start_context_over_small": as_times(
            context / small, "the same, when the factory of 200 uses the parsing context"
        ),
    }
    chart = {
        "values": list(seconds.items()),
        "highlight": "a factory of 200 DAGs",
        "title": "A task that only logs pays for the whole file of its DAG",
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
        "json5_over_json": as_times(pure / plain, f"{how} json5 compared with json"),
        "pyjson5_over_json": as_times(compiled / plain, f"{how} pyjson5 compared with json"),
    }, {}
