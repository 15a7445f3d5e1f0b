"""A figure that the README and the slides quote, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WRITTEN = ("s", "ms", "MB", "%")
"""Units that are written after the number; for the others the sentence next to it says the unit."""


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        value: the number as measured.
        unit: what it counts, or ``times`` for a ratio.
        how: what was measured, in a sentence.
        measured: False for what was set, which the slides need and the tables do not.
    """

    value: float
    unit: str
    how: str
    measured: bool = True

    @property
    def text(self) -> str:
        """As it is shown, with as many digits as say something."""
        fine = self.unit == "times" or (self.unit == "s" and self.value % 1)
        digits = 0 if not fine or self.value >= 10 else 1 if self.value >= 2 else 2
        return f"{self.value:,.{digits}f}" + (f" {self.unit}" if self.unit in WRITTEN else "")


Figures = dict[str, Figure]
Measured = tuple[Figures, dict[str, Any]]
"""Figures by name, and charts by name, each as the slides take it: ``function`` and its ``data``."""
