"""One file for each DAG, and still dynamic: every copy of this text reads the whole catalog to find its own pipeline.

Airflow sees one file per pipeline. The name of a copy says which pipeline it keeps: acme_orders.py defines the DAG
acme_orders.
"""

from pathlib import Path

from pipelines.blueprint import build
from pipelines.config import read_catalog

CATALOG = Path(__file__).parents[1] / "catalog"
OWN_ID = Path(__file__).stem

for config in read_catalog(CATALOG):
    if config.id == OWN_ID:
        globals()[config.id] = build(config)
