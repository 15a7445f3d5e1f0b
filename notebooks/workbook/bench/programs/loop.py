"""The leanest loop that makes the workbook's DAGs: one JSON file next to it, nothing validated."""

import json
from pathlib import Path

from pipelines.blueprint import build
from pipelines.config import PipelineConfig

for values in json.loads(Path(__file__).with_name("pipelines.json").read_text()):
    build(PipelineConfig.model_construct(**values))
