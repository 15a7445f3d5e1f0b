"""What an audit or a profile of a DAG file comes to, as one number."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from workbook.measure.imports import audit


def how_often(dag_file: Path, what: str) -> int:
    """Count how often a DAG file does something while it is imported.

    Args:
        dag_file: the file that Airflow would import.
        what: in the words of `audit`, such as ``opens a file``.

    Raises:
        ImportFailed: when the file cannot be imported.
    """
    events = audit(dag_file)
    return int(events.times[events.what == what].sum())


def share_of(function: str, slowest: pd.DataFrame) -> float:
    """Return the share of an import that a function takes, from 0 to 1.

    Args:
        function: its name.
        slowest: what `profile` returned.
    """
    return float(slowest.share[slowest.function == function].sum())
