"""A DAG factory whose pipelines are JSON5, pleasant to write; at every parse Airflow waits for a reader in Python."""

from pathlib import Path

import json5

from pipelines.blueprint import build
from pipelines.config import PipelineConfig

CATALOG = Path(__file__).parents[1] / "catalog"

for path in sorted(CATALOG.glob("*.json*")):  # every JSON text is JSON5, too
    config = PipelineConfig(**json5.loads(path.read_text(encoding="utf-8")))
    globals()[config.id] = build(config)
