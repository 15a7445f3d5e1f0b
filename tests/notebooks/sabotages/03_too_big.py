"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "every parse sends one request for each pipeline",
        "        cycle = parse_cycle(folder)",
        "        cycle = parse_cycle(folder)\n        cycle = parse_cycle(folder)",
    ),
    Sabotage(
        "every parse takes at least as long as its calls",
        'folder = dag_folder(here / "dial", "from_service", service_url=service.url)',
        # the same calls, but before the parse: that of one DAG is far shorter than they are, on a slow machine too
        """\
folder = dag_folder(here / "dial", "from_json", 1)
        from pipelines.config import fetch_config, fetch_ids
        for pipeline_id in fetch_ids(service.url):
            fetch_config(service.url, pipeline_id)
""",
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
        "one import that is too slow takes down every DAG of the file",
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
    Sabotage(
        "a service that is down also takes down every DAG of the file", "service.down()", "service.up()", "b"
    ),
    Sabotage("the next healthy parse brings every DAG back", "service.up()", "service.down()"),
    Sabotage(
        "to start one task, the large factory builds all of its 40 DAGs",
        "(alone[:1], crowd, careful)",
        "(alone[:1], crowd[:39], careful)",
    ),
    Sabotage(
        "with the parsing context it builds that task's DAG and no other",
        '("from_service", "from_service", "parsing_context")',
        '("from_service", "from_service", "from_service")',
        "b",
    ),
]
