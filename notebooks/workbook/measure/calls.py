"""How often a DAG folder asks the configuration service while Airflow parses it."""

from __future__ import annotations

from pathlib import Path

from workbook.catalog import dag_folder
from workbook.measure.cycle import Cycle
from workbook.measure.parsing_home import ParsingHome
from workbook.services import ConfigService, config_service


def parse_beside(service: ConfigService, folder: Path, home: ParsingHome) -> tuple[Cycle, int]:
    """Parse a DAG folder once; return the cycle, and how often the service was asked for a pipeline meanwhile."""
    service.reset()
    cycle = home.parse_cycle(folder)
    return cycle, service.requests


def parse_asking(folder: Path, pipelines: int, latency: float) -> dict[str, float]:
    """Parse once a factory that asks a service about each of its pipelines.

    Args:
        folder: where to lay the factory out.
        pipelines: how many pipelines the service knows.
        latency: seconds that the service takes to answer.

    Returns:
        ``pipelines``, ``calls`` (how often the service was asked for one), ``concurrent calls`` (how many of them it
        answered at the same time, at most), ``active DAGs``, and ``seconds`` of the parse as Airflow reports them.
    """
    with config_service(pipelines, latency=latency) as service, ParsingHome() as home:
        factory = dag_folder(folder, "from_service", service_url=service.url)
        cycle, calls = parse_beside(service, factory, home)
        concurrent = service.most_concurrent
    return {
        "pipelines": pipelines,
        "calls": calls,
        "concurrent calls": concurrent,
        "active DAGs": cycle.active,
        "seconds": float(cycle.files.seconds[0]),
    }
