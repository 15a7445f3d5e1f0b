"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "every parse sends one request for each pipeline",
        'parse_asking(here / "dial", number, latency=0.020)',
        '{**parse_asking(here / "dial", number + 1, latency=0.020), "pipelines": number}',
    ),
    Sabotage(
        "every parse takes at least as long as its calls",
        'dialled = pd.DataFrame([parse_asking(here / "dial", number, latency=0.020)',
        # the same calls, but before the parse: that of one DAG is far shorter than they are, on a slow machine too
        """\
from pipelines.config import fetch_config, fetch_ids
from workbook.measure import ParsingHome
from workbook.services import config_service

def calls_before_the_parse(number):
    with config_service(number, latency=0.020) as service, ParsingHome() as home:
        for pipeline_id in fetch_ids(service.url):
            fetch_config(service.url, pipeline_id)
        seconds = home.parse_cycle(dag_folder(here / "dial", "from_json", 1)).files.seconds[0]
        return {"pipelines": number, "calls": service.requests, "active DAGs": 1, "seconds": seconds}

dialled = pd.DataFrame([calls_before_the_parse(number)\
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
from workbook.catalog import configurations, write_catalog
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
