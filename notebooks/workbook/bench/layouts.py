"""Cycles of the real DAG processor over the same DAGs in different files, and what the model says of them."""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import median

from workbook.bench.figures import Figure, Measured
from workbook.catalog import configurations, dag_folder
from workbook.measure.layouts import Layout, lay_out, measure
from workbook.models.parse_costs import fit_layouts, relative_error
from workbook.services import config_service
from workbook.workspace import WORK

DAGS = 1_000
LATENCY = 0.020
"""Seconds that the service takes to answer."""


def layouts() -> Measured:
    """1,000 DAGs on the real DAG processor: frozen one per file and in shards, two factories; the model of it."""
    folder = WORK / "bench" / "cycles"
    shutil.rmtree(folder, ignore_errors=True)
    measured = {limit: _measure(folder, DAGS, limit) for limit in (1, 10, 25, 50, 100, 250)}
    costs = fit_layouts([measured[1], measured[50], measured[250], _measure(folder, DAGS // 4, 10)])
    unseen = [measured[10], measured[25], measured[100], _measure(folder, DAGS // 2, 50)]
    unseen.append(measure(folder / f"{DAGS}_50", processes=1))
    errors = [
        relative_error(costs.cycle_seconds(layout.sizes, processes=layout.processes), layout.cycle)
        for layout in unseen
    ]
    with config_service(DAGS, latency=LATENCY) as service:
        dag_folder(folder / "service" / "dags", "from_service", service_url=service.url)
        asking = measure(folder / "service").cycle
    dag_folder(folder / "json" / "dags", "from_json", DAGS)
    reading = measure(folder / "json").cycle
    one_each, fifty = measured[1].cycle, measured[50].cycle
    how = f"repeated cycle of the DAG processor over {DAGS:,} DAGs"
    model = "error of the model in notebook 06, for layouts that it was not fitted to"
    figures = {
        "cycle_dags": Figure(DAGS, "DAGs", how, measured=False),
        "cycle_shards": Figure(fifty, "s", f"{how}, at most 50 per frozen file"),
        "cycle_file_per_dag_over_shards": Figure(
            one_each / fifty,
            "times",
            "the same cycle with one frozen file per DAG, compared with at most 50 per file",
        ),
        "cycle_json": Figure(
            reading, "s", "the same cycle with one factory that reads JSON files and makes no calls"
        ),
        "cycle_service_minus_shards": Figure(
            asking - fifty,
            "s",
            "how much longer the same cycle takes with the factory that asks a service than with at most 50 DAGs per "
            "frozen file",
        ),
        "cycle_calls": Figure(DAGS * LATENCY, "s", "of this, spent on the service's answers, 20 ms per DAG"),
        "model_error": Figure(100 * median(errors), "%", f"median {model}"),
        "model_error_worst": Figure(100 * max(errors), "%", f"worst {model}"),
    }
    chart = {
        "values": [
            ["factory that asks a service", asking],
            ["one frozen file per DAG", one_each],
            ["factory that reads JSON files", reading],
            ["at most 50 DAGs per guarded file", fifty],
        ],
        "highlight": "at most 50 DAGs per guarded file",
        "title": "A file for each DAG parses slowly, and so does a call for each DAG",
        "sentence": f"A cycle over {DAGS:,} DAGs takes «{asking:.0f} s» as a factory that asks a service, "
        f"«{one_each:.0f} s» as one frozen file per DAG, «{reading:.0f} s» as a factory that reads JSON files, "
        f"«{fifty:.0f} s» with at most 50 in a frozen file.",
    }
    return figures, {"cycle": {"function": "bars", "data": chart}}


def _measure(parent: Path, dags: int, dags_per_file: int) -> Layout:
    folder = parent / f"{dags}_{dags_per_file}"
    lay_out(folder, configurations(dags), dags_per_file)
    return measure(folder)
