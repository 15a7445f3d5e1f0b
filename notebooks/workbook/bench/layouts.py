"""Measures cycles of the real DAG processor over the same DAGs in different files, and what the model says of them.

``python -m workbook.bench.layouts [DAGS]`` prints every figure.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from statistics import median

from workbook.catalog import configurations, dag_folder
from workbook.measure import ParsingHome
from workbook.measure.layouts import Layout, lay_out, measure
from workbook.models.parse_costs import fit_layouts, relative_error
from workbook.services import config_service
from workbook.workspace import WORK

Figures = dict[str, float]


def cycle_costs(dags: int = 1_000, latency: float = 0.020) -> Figures:
    """Seconds of a cycle over the same DAGs in different files, and of two factories that make them.

    Each is a second cycle, as all are from then on: the first one compiles the files and stores their DAGs.

    Args:
        dags: how many.
        latency: seconds that the service takes to answer.

    Returns:
        ``cycle_s_*`` of each layout, of the factory that asks a ``service`` and of the one that reads ``json`` files;
        ``one_vs_50``, cycles of one DAG per file and of 50; ``service_extra_s``, what the factory that asks takes more
        than 50 per file, and ``calls_s``, the time of its calls alone;
        ``model_error``, the median relative error of the model on the layouts that it was not fitted to, and
        ``model_error_worst``.
    """
    here = WORK / "bench" / "cycles"
    shutil.rmtree(here, ignore_errors=True)
    measured = {limit: _measure(here, dags, limit) for limit in (1, 10, 25, 50, 100, 250)}
    costs = fit_layouts([measured[1], measured[50], measured[250], _measure(here, dags // 4, 10)])
    unseen = [measured[10], measured[25], measured[100], _measure(here, dags // 2, 50)]
    unseen.append(measure(here / f"{dags}_50", processes=1))
    errors = [
        relative_error(costs.cycle_seconds(layout.sizes, processes=layout.processes), layout.cycle)
        for layout in unseen
    ]
    with config_service(dags, latency=latency) as service:
        asking = _cycle(dag_folder(here / "service", "from_service", service_url=service.url))
    reading = _cycle(dag_folder(here / "json", "from_json", dags))
    return {
        "dags": dags,
        **{f"cycle_s_{limit}_per_file": layout.cycle for limit, layout in measured.items()},
        "cycle_s_service": asking,
        "cycle_s_json": reading,
        "one_vs_50": measured[1].cycle / measured[50].cycle,
        "service_extra_s": asking - measured[50].cycle,
        "calls_s": dags * latency,
        "model_error": median(errors),
        "model_error_worst": max(errors),
    }


def _cycle(factory: Path) -> float:
    """The second cycle over a factory, because those of the layouts are second cycles, too."""
    limits = {"core.dagbag_import_timeout": 600, "dag_processor.dag_file_processor_timeout": 600}
    with ParsingHome(limits) as home:
        home.parse_cycle(factory)
        return home.parse_cycle(factory).seconds


def _measure(here: Path, dags: int, dags_per_file: int) -> Layout:
    folder = here / f"{dags}_{dags_per_file}"
    lay_out(folder, configurations(dags), dags_per_file)
    return measure(folder)


def main(arguments: list[str]) -> int:
    """Print the figures; the argument is the number of DAGs."""
    for name, value in cycle_costs(int(arguments[0]) if arguments else 1_000).items():
        print(f"{name:24} {value:,.3g}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
