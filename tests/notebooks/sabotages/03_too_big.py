"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "every parse asks the service once for each pipeline",
        "        cycle = parse_cycle(folder)",
        "        cycle = parse_cycle(folder)\n        cycle = parse_cycle(folder)",
    ),
    Sabotage(
        "no parse is faster than its calls",
        "with config_service(pipelines, latency=0.020)",
        "with config_service(pipelines, latency=0)",
        "b",
    ),
    Sabotage(
        "on a good day every DAG can run",
        "config_service(most, latency=0.020)",
        "config_service(most, latency=2 * size.import_timeout / most)",
        "b",
    ),
    Sabotage(
        "past the timeout Airflow records exactly one import error, and it names the timeout",
        "service.set(latency=2 * size.import_timeout / most)",
        "service.down()",
    ),
    Sabotage(
        "one import that is too slow takes every DAG of the file away",
        "service.set(latency=2 * size.import_timeout / most)",
        """\
service.set(latency=2 * size.import_timeout / most)
from workbook.catalog import write_catalog
from workbook.workspace import DAGS
write_catalog(folder / "catalog", configurations(most))
(folder / "dynamic" / "from_json.py").write_text((DAGS / "dynamic" / "from_json.py").read_text())
""",
        "b",
    ),
    Sabotage("a service that is down does the same", "service.down()", "service.up()", "b"),
    Sabotage("the next healthy parse brings every DAG back", "service.up()", "service.down()"),
    Sabotage(
        "to start one task, the big factory makes all of its 40 DAGs",
        "(alone[:1], crowd, careful)",
        "(alone[:1], crowd[:39], careful)",
    ),
    Sabotage(
        "with the parsing context it makes that task's DAG and no other",
        '("from_service", "from_service", "parsing_context")',
        '("from_service", "from_service", "from_service")',
        "b",
    ),
]
