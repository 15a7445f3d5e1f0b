"""The two operators of a pipeline. They stand for real work: each says in the log what it would do, and ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseOperator


class CheckSource(BaseOperator):
    """Make sure that there is something to load before the steps begin.

    Args:
        bucket: where the partner puts its files.
        pattern: which of them belong to this pipeline.
    """

    # No field is a template: a name such as {{ conn.aws }} in a configuration stays a name.
    template_fields: Sequence[str] = ()
    ui_color = "#dbeafe"

    def __init__(self, *, bucket: str, pattern: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bucket = bucket
        self.pattern = pattern

    def execute(self, context: Any) -> None:
        """Log what a real pipeline would look for."""
        self.log.info("looking for %s in bucket %s", self.pattern, self.bucket)


class LoadStep(BaseOperator):
    """Load one of several parts of the source into the destination.

    Args:
        part: which part, counted from 1.
        parts: how many there are.
        destination: where the rows go.
    """

    template_fields: Sequence[str] = ()
    ui_color = "#dcfce7"

    def __init__(self, *, part: int, parts: int, destination: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.part = part
        self.parts = parts
        self.destination = destination

    def execute(self, context: Any) -> None:
        """Log which part a real pipeline would load."""
        self.log.info("loading part %d of %d into %s", self.part, self.parts, self.destination)
