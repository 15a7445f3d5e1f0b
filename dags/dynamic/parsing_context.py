"""The factory that asks the service, but only about the DAG that a task needs when Airflow starts that task."""

from pathlib import Path

from airflow.sdk import get_parsing_context

from pipelines.blueprint import build
from pipelines.config import fetch_config, fetch_ids

SERVICE = Path(__file__).with_name("service.url").read_text().strip()

# The DAG processor wants every DAG and names none; the start of a task names the one that it runs.
wanted = get_parsing_context().dag_id
for pipeline_id in [wanted] if wanted else fetch_ids(SERVICE):
    globals()[pipeline_id] = build(fetch_config(SERVICE, pipeline_id))
