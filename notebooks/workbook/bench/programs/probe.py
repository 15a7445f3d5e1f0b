"""Imports DAG files in turns, as Airflow's DAG processor does, in a fresh process; prints the CPU seconds as JSON.

Reads from standard input ``[{NAME: [PATH, DAGS, DAG_ID or null]}, ROUNDS]``: which files, how many DAGs they have to
define, and which DAG a task that starts would want.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
import time
import warnings
from collections import defaultdict
from typing import Any

from airflow.dag_processing.dagbag import DagBag

WANTED = "_AIRFLOW_PARSING_CONTEXT_DAG_ID"


def probe(layouts: dict[str, tuple[str, int, str | None]], rounds: int) -> dict[str, list[float]]:
    """Measure each layout once in each round, after a first round that compiles files and imports what they need."""
    seconds: dict[str, list[float]] = defaultdict(list)
    contents: dict[int, set[tuple[Any, ...]]] = {}
    for number in range(rounds + 1):
        for name, (path, expected, wanted) in layouts.items():
            os.environ.pop(WANTED, None)
            if wanted:
                os.environ[WANTED] = wanted
            gc.collect()
            begin = time.process_time()
            bag = DagBag(path, safe_mode=False)
            spent = time.process_time() - begin
            assert not bag.import_errors, (name, bag.import_errors)
            assert len(bag.dags) == expected, (name, len(bag.dags), expected)
            # the same work, or the comparison is none
            content = _content(bag)
            assert contents.setdefault(expected, content) == content, (
                name,
                next(iter(contents[expected] ^ content)),
            )
            del bag, content
            if number:
                seconds[name].append(spent)
    return seconds


def _content(bag: Any) -> set[tuple[Any, ...]]:
    """What all factories agree upon: each task with its DAG, its class, its owner, and the tasks after it."""
    return {
        (
            dag.dag_id,
            dag.description,
            task.task_id,
            type(task).__name__,
            task.owner,
            frozenset(task.downstream_task_ids),
        )
        for dag in bag.dags.values()
        for task in dag.tasks
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.ERROR)
    json.dump(probe(*json.load(sys.stdin)), sys.stdout)
