"""The factory that asks the service; at a task start it requests only the configuration of that task's DAG."""

from pathlib import Path

from airflow.sdk import get_parsing_context

from pipelines.blueprint import build
from pipelines.config import fetch_config, fetch_ids

SERVICE = Path(__file__).with_name("service.url").read_text().strip()

# The DAG processor needs every DAG and names none; a task start names the one DAG that it needs.
wanted = get_parsing_context().dag_id
for pipeline_id in [wanted] if wanted else fetch_ids(SERVICE):
    globals()[pipeline_id] = build(fetch_config(SERVICE, pipeline_id))
