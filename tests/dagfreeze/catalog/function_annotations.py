"""Annotations that name what exists for type checkers only; the file postpones them."""
# expect: frozen

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import DAG, task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk import Context
    from pandas import DataFrame

Rows = "list[Mapping[str, Any]]"

with DAG("function_annotations", schedule=None):

    @task
    def load(rows: Mapping[str, Any] | None = None, **context: Context) -> list[int]:
        frame: DataFrame = rows
        return frame

    @task
    def store(rows: Rows, how: "append" | "replace" = "append") -> dict[str, "DataFrame"]:
        return {}

    store(load())
