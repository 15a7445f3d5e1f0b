"""Errors of a notebook's Airflow, and their messages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.waits import wait_until

if TYPE_CHECKING:
    import pandas as pd


POLL_SECONDS = 0.2


class StackError(RuntimeError):
    """Airflow could not be started, or does not run any more; the message says what to do."""


class ImportErrors(StackError):
    """Airflow could not import files that were published.

    Attributes:
        errors: a row per file: ``file`` (relative to the published folder), ``error`` (Airflow's text).
    """

    def __init__(self, message: str, errors: pd.DataFrame) -> None:
        super().__init__(message)
        self.errors = errors


def ended() -> StackError:
    """The error when the Airflow that a notebook holds has ended."""
    return StackError(
        "This Airflow has ended, or another notebook replaced it. Run the cell with start() again."
    )


def until(condition: Callable[[], bool], timeout: float, complaint: str, log: Path) -> None:
    """Wait until something is so.

    Args:
        condition: what is waited for.
        timeout: seconds.
        complaint: what is wrong when it does not come.
        log: where Airflow may have said why.

    Raises:
        StackError: with the complaint, when it is not so in time.
    """
    if not wait_until(condition, timeout, POLL_SECONDS):
        raise StackError(f"{complaint} after {timeout:g} s. What Airflow said: {log}")


def last_lines(log: Path, count: int = 20) -> str:
    """The end of a log, for a message."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return "\n".join(lines[-count:]) or "(nothing)"
