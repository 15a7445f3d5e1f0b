"""What is raised where something cannot be frozen: a refusal beats a clever guess."""

from __future__ import annotations

REMEDY = (
    "Create that value with a plain call in the DAG file and do not change it afterwards, "
    "or create it in the task that needs it."
)
"""What helps when nothing better is known."""


class Refused(Exception):
    """A DAG, or a value in it, that cannot be written as code that is proven equal.

    Attributes:
        reason: a sentence that says what stands in the way.
        remedy: a sentence that says what would help; empty when nothing is known.
    """

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason, remedy)  # both, so that it can be pickled
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return self.reason
