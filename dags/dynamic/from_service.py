"""A DAG factory that requests every configuration from the service while Airflow parses the file."""

from pathlib import Path

from pipelines.blueprint import build
from pipelines.config import fetch_config, fetch_ids

SERVICE = Path(__file__).with_name("service.url").read_text().strip()

for pipeline_id in fetch_ids(SERVICE):
    globals()[pipeline_id] = build(fetch_config(SERVICE, pipeline_id))
