"""What Airflow's user interface shows about a pipeline: Markdown in which values stay values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.config import PipelineConfig


def documentation(config: PipelineConfig) -> str:
    """The ``doc_md`` of a pipeline's DAG.

    It ends with a full stop, always: Airflow takes a ``doc_md`` that ends in ``.md`` for the name of a file and
    shows that file instead.
    """
    source = code_span(f"{config.source_bucket}/{config.source_pattern}")
    return f"Loads {source} into {code_span(config.destination)}; ask {code_span(config.notify)}."


def code_span(text: str) -> str:
    """Markdown that shows a text letter by letter, whatever Markdown or HTML is in it."""
    if "`" not in text:
        return f"`{text}`"
    fence = "`" * (max(len(run) for run in re.findall("`+", text)) + 1)
    return f"{fence} {text} {fence}"
