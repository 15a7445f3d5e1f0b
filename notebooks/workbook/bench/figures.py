"""A figure that the README and the slides quote, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """One figure.

    Attributes:
        value: the number as measured.
        unit: what it counts, or ``times`` for a ratio.
        text: as it is shown.
        how: what was measured, in a sentence.
    """

    value: float
    unit: str
    text: str
    how: str


Results = dict[str, Result]
Measured = tuple[Results, dict[str, Any]]
"""Figures by name, and charts by name, each as the slides take it: ``function`` and its ``data``."""


def as_times(value: float, how: str) -> Result:
    """A ratio, with as many digits as say something."""
    digits = 2 if value < 2 else 1 if value < 10 else 0
    return Result(value, "times", f"{value:,.{digits}f}", how)


def as_seconds(value: float, how: str) -> Result:
    """Seconds."""
    return Result(value, "s", f"{value:.{1 if value < 10 and value % 1 else 0}f} s", how)


def as_percent(value: float, how: str) -> Result:
    """A share of one, in percent."""
    return Result(100 * value, "%", f"{100 * value:.0f} %", how)


def as_count(value: float, unit: str, how: str) -> Result:
    """A number of things."""
    return Result(round(value), unit, f"{value:,.0f}", how)
