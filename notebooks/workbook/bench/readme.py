"""The figures as the README shows them: the slow way next to the fast way in eight rows, and all of them folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbook.bench.figures import Figure

COMPARED = frozenset(
    {
        "factory_pipelines",
        "cycle_dags",
        "makespan_jobs",
        "makespan_job_seconds",
        "makespan_slots",
        "factory_requests",
        "static_requests",
        "task_start_big_over_small",
        "task_start_context_over_small",
        "json5_over_json",
        "pyjson5_over_json",
        "cycle_shards",
        "cycle_file_per_dag_over_shards",
        "cycle_service_minus_shards",
        "import_frozen_over_dag_factory",
        "makespan_blocking",
        "makespan_deferrable",
        "makespan_blocking_over_deferrable",
        "slots_held_blocking",
        "slots_held_deferrable",
    }
)
"""Figures that the eight rows are made of."""


def as_tables(content: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """The figures of a results file in Markdown.

    Args:
        content: of the file.
        titles: of the groups of figures, by their names.
    """
    results = content["results"]
    few = (
        [*_table(("", "slow", "fast", "ratio"), _compared(results)), ""] if results.keys() >= COMPARED else []
    )
    all_rows = _table(("what", "measured"), _all(results, titles))
    folded = ["<details><summary>All figures</summary>", "", *all_rows, "", "</details>", ""]
    return "\n".join([f"Measured on {content['machine']['text']}.", "", *few, *folded])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |".replace("|  |", "| |") for row in (head, *rows)]
    return [lines[0], "|---" * len(head) + "|", *lines[1:]]


def _compared(results: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    value = {name: one["value"] for name, one in results.items()}
    text = {name: one["text"] for name, one in results.items()}
    shards = value["cycle_shards"]

    def ratio(of: float, to: float) -> str:
        return Figure(of / to, "times", "").text

    def seconds(of: float) -> str:
        return Figure(of, "s", "").text

    file_per_dag = shards * value["cycle_file_per_dag_over_shards"]
    asking = shards + value["cycle_service_minus_shards"]
    big, context = value["task_start_big_over_small"], value["task_start_context_over_small"]
    return [
        (
            f"requests in one parse of {text['factory_pipelines']} DAGs",
            f"a factory that asks a service: {text['factory_requests']}",
            f"its frozen files: {text['static_requests']}",
            "",
        ),
        (
            f"one parse cycle of {text['cycle_dags']} DAGs",
            f"a factory that asks a service: {seconds(asking)}",
            f"at most 50 DAGs per frozen file: {text['cycle_shards']}",
            ratio(asking, shards),
        ),
        (
            "the same cycle",
            f"one frozen file per DAG: {seconds(file_per_dag)}",
            f"at most 50 DAGs per frozen file: {text['cycle_shards']}",
            ratio(file_per_dag, shards),
        ),
        (
            "duration of a task that only logs, compared with one from a factory of one DAG",
            f"a factory of 200 that asks a service: {text['task_start_big_over_small']} times",
            f"the same, with the parsing context: {text['task_start_context_over_small']} times",
            ratio(big, context),
        ),
        (
            "CPU time to import the same DAGs",
            "dag-factory, from YAML",
            "frozen from the same YAML",
            ratio(1, value["import_frozen_over_dag_factory"]),
        ),
        (
            "reading configurations, compared with json",
            f"json5: {text['json5_over_json']} times",
            f"pyjson5: {text['pyjson5_over_json']} times",
            ratio(value["json5_over_json"], value["pyjson5_over_json"]),
        ),
        (
            f"{text['makespan_jobs']} jobs of {text['makespan_job_seconds']} that run elsewhere, "
            f"on {text['makespan_slots']} worker slots",
            f"blocking: {text['makespan_blocking']}",
            f"deferrable: {text['makespan_deferrable']}",
            text["makespan_blocking_over_deferrable"],
        ),
        (
            f"worker slots held meanwhile, of {text['makespan_slots']}",
            f"blocking: {text['slots_held_blocking']}",
            f"deferrable: {text['slots_held_deferrable']}",
            "",
        ),
    ]


def _all(results: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    rows = []
    for name, title in titles.items():
        shown = [
            (one["how"], f"{one['text']}{' times' if one['unit'] == 'times' else ''}")
            for one in results.values()
            if one["group"] == name and one["measured"]
        ]
        rows += [(f"**{title}**", ""), *shown] if shown else []
    return rows
