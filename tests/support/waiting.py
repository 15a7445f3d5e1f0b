"""Waiting in a test; how long something takes is never asserted."""

from collections.abc import Callable

from workbook.waits import wait_until

PATIENCE_SECONDS = 900
"""Before a test says "never"."""


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something that is promised to happen soon."""
    assert wait_until(condition, PATIENCE_SECONDS), f"never: {what}"
