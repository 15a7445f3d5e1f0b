"""What factories cost, measured: their parse time, the start of their tasks, their parsers."""

from __future__ import annotations

import json
from contextlib import ExitStack
from statistics import median

import json5
import pyjson5

from workbook import stack
from workbook.bench.figures import Figure, Measured
from workbook.catalog import configurations, dag_folder, first_with_one_step
from workbook.measure import ParsingHome
from workbook.measure.calls import parse_asking, parse_beside
from workbook.measure.layouts import lay_out
from workbook.measure.readers import reader_seconds
from workbook.measure.tasks import task_seconds
from workbook.progress import progress
from workbook.services import config_service
from workbook.workspace import lesson_folder

TURNS = 3
"""Runs of each factory's DAG, for a task start."""


def parse_time_calls() -> Measured:
    """The factory that asks a service, against frozen files of the same pipelines; then the import timeout."""
    folder, pipelines, latency, timeout = lesson_folder("bench-calls"), 200, 0.020, 6.0
    asking = [parse_asking(folder / "dynamic", number, latency) for number in (10, 100, pipelines)]
    seconds = {row["pipelines"]: row["seconds"] for row in asking}
    lay_out(folder / "static", configurations(pipelines), 50)
    with config_service(pipelines, latency=latency) as service:
        with ParsingHome() as home:
            _, requests = parse_beside(service, folder / "static" / "dags", home)
            lists = service.lists
        factory = dag_folder(folder / "dynamic", "from_service", service_url=service.url)
        with ParsingHome({"core.dagbag_import_timeout": timeout}) as home:
            before = home.parse_cycle(factory).active
            service.set(latency=2 * timeout / pipelines)
            after = home.parse_cycle(factory)
    how = f"one cycle of the DAG processor, {pipelines} pipelines, {latency * 1000:.0f} ms per answer"
    figures = {
        "factory_pipelines": Figure(pipelines, "pipelines", how, measured=False),
        "factory_latency": Figure(latency * 1000, "ms", how, measured=False),
        "factory_requests": Figure(
            asking[-1]["calls"],
            "requests",
            "requests in one parse of a factory of 200 pipelines that asks a service",
        ),
        "factory_import": Figure(seconds[pipelines], "s", "duration of that parse, at 20 ms per answer"),
        "static_requests": Figure(
            requests + lists, "requests", "requests in one parse of the frozen files of the same pipelines"
        ),
        "timeout_import_errors": Figure(
            len(after.import_errors),
            "errors",
            f"import errors when the service is slow, at an import timeout of {timeout:g} s",
        ),
        "timeout_dags": Figure(before, "DAGs", "active before the timeout", measured=False),
        "timeout_stale": Figure(
            before - after.active, "DAGs", f"DAGs, of {before}, that become stale with that import error"
        ),
    }
    chart = {
        "measured": list(seconds.items()),
        "limit": 30,
        "title": "A fast answer for each pipeline still adds up",
        "sentence": f"{pipelines} calls of 20 ms make the parse of one file take «{seconds[pipelines]:.1f} s».",
    }
    return figures, {"dial": {"function": "dial", "data": chart}}


def task_starts() -> Measured:
    """The same task from a factory of one, from a factory of 200, and with the parsing context."""
    folder = lesson_folder("bench-tasks")
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
                # a single step, or some of the tasks would run at the same time and share the cores
                configs = first_with_one_step(number, seed)
                service = services.enter_context(config_service(configs, latency=0.020))
                name = f"{folder.name}-{seed}"
                with progress(f"Publishing {label}"):
                    airflow.publish(name, dag_folder(folder / name, factory, service_url=service.url))
                first[label] = configs[0].id
            with progress("Tasks from each in turns") as bar:
                for number in range(TURNS + 1):
                    bar.say(f"turn {number + 1} of {TURNS + 1}")
                    for label, dag_id in first.items():
                        turn_durations = task_seconds(airflow, dag_id)
                        if number:  # the first tasks on a fresh Airflow are slower
                            durations.setdefault(label, []).extend(turn_durations)
    finally:
        stack.stop()
    seconds = {label: median(label_durations) for label, label_durations in durations.items()}
    small, big, context = seconds.values()
    figures = {
        "task_start_big_over_small": Figure(
            big / small,
            "times",
            "duration of a task that only logs, on a complete Airflow: from a factory of 200 that asks a service, "
            "compared with a factory of 1",
        ),
        "task_start_context_over_small": Figure(
            context / small, "times", "the same, when the factory of 200 uses the parsing context"
        ),
    }
    chart = {
        "values": list(seconds.items()),
        "highlight": "a factory of 200 DAGs",
        "title": "A task that only logs pays for the whole file of its DAG",
        "sentence": f"From the factory of 200 the task takes «{big:.1f} s», from a factory of one «{small:.1f} s».",
    }
    return figures, {"task_start": {"function": "bars", "data": chart}}


def parsers() -> Measured:
    """The same 200 configurations read by three parsers; the best of three rounds each."""
    texts = [json.dumps(config.model_dump()) for config in configurations(200)]
    with progress("Reading the same configurations with each parser"):
        plain, compiled, pure = (
            reader_seconds(parse, texts) for parse in (json.loads, pyjson5.loads, json5.loads)
        )
    how = "reading the same 200 configurations:"
    return {
        "json5_over_json": Figure(pure / plain, "times", f"{how} json5 compared with json"),
        "pyjson5_over_json": Figure(compiled / plain, "times", f"{how} pyjson5 compared with json"),
    }, {}
