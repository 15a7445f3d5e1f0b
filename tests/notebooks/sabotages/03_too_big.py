"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "every parse sends one request for each pipeline",
        'parse_asking(here / "dial", number, latency=0.020)',
        '{**parse_asking(here / "dial", number + 1, latency=0.020), "pipelines": number}',
    ),
    Sabotage(
        "no parse sends two requests at the same time",
        'dialled = pd.DataFrame([parse_asking(here / "dial", number, latency=0.020)',
        """\
from workbook.measure import calls

def laid_out_with_threads(folder, *arguments, **settings):
    folder = dag_folder(folder, *arguments, **settings)
    file = folder / "dynamic" / "from_service.py"
    loop = "for pipeline_id in fetch_ids(SERVICE):\\n"
    threads = "import functools\\nfrom concurrent.futures import ThreadPoolExecutor\\n"
    threads += "fetched = functools.partial(fetch_config, SERVICE)\\n"
    threads += "for config in ThreadPoolExecutor(8).map(fetched, fetch_ids(SERVICE)):\\n"
    text = file.read_text().replace(loop, threads)
    one = "[pipeline_id] = build(fetch_config(SERVICE, pipeline_id))"
    file.write_text(text.replace(one, "[config.id] = build(config)"))
    return folder

calls.dag_folder = laid_out_with_threads
dialled = pd.DataFrame([parse_asking(here / "dial", number, latency=0.020)\
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
        "after the timeout Airflow records exactly one import error, which names the timeout",
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
