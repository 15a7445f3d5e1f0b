"""The one shape that every pipeline has as a DAG: start, preconditions, the steps, end."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, chain

from pipelines.config import PipelineConfig
from pipelines.operators import CheckSource, LoadStep

START_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def code_span(text: str) -> str:
    """Markdown that shows a text unchanged, whatever Markdown or HTML is in it."""
    if "`" not in text:
        return f"`{text}`"
    fence = "`" * (max(len(run) for run in re.findall("`+", text)) + 1)
    return f"{fence} {text} {fence}"


def build(config: PipelineConfig) -> DAG:
    """Build the DAG of a pipeline: steps in parallel for ``full``, in series for ``incremental``.

    The DAG has no schedule; a run is started by hand or through the API. Its owner is the address
    to notify; in Airflow's UI a click on it starts an e-mail.
    """
    source = code_span(f"{config.source_bucket}/{config.source_pattern}")
    with DAG(
        dag_id=config.id,
        dag_display_name=config.name,
        description=config.description,
        # keep the full stop: Airflow takes a text that ends in .md for a file name, and shows that
        doc_md=f"Loads {source} into {code_span(config.destination)}; ask `{config.notify}`.",
        schedule=None,
        start_date=START_DATE,
        catchup=False,
        default_args={"owner": config.notify},
        owner_links={config.notify: f"mailto:{config.notify}"},
        tags=["pipelines", config.kind],
    ) as dag:
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions", bucket=config.source_bucket, pattern=config.source_pattern
        )
        steps = [
            LoadStep(
                task_id=f"step_{part}",
                part=part,
                parts=config.steps,
                destination=config.destination,
            )
            for part in range(1, config.steps + 1)
        ]
        end = EmptyOperator(task_id="end")
        if config.kind == "full":
            chain(start, preconditions, steps, end)
        else:
            chain(start, preconditions, *steps, end)
    return dag
