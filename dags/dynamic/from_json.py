"""A DAG factory that reads its pipelines from JSON files; Airflow opens every one of them at every parse."""

from pathlib import Path

from pipelines.blueprint import build
from pipelines.config import read_catalog

CATALOG = Path(__file__).parents[1] / "catalog"

for config in read_catalog(CATALOG):
    globals()[config.id] = build(config)
