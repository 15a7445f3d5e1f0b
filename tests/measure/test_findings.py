"""What an audit or a profile comes to is the sum of its rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from workbook.measure.findings import how_often, share_of

READS = """
from pathlib import Path
from airflow.sdk import DAG
for _ in range(3):
    Path(__file__).read_text()
Path(__file__).read_text()
globals()["one"] = DAG("one", schedule=None)
"""


@pytest.mark.airflow
def test_the_lines_of_a_file_are_counted_together(tmp_path: Path) -> None:
    (tmp_path / "reads.py").write_text(READS)
    assert how_often(tmp_path / "reads.py", "opens a file") == 4
    assert how_often(tmp_path / "reads.py", "opens a connection") == 0


def test_a_function_of_two_modules_has_both_shares() -> None:
    rows = [("loads", 0.25), ("build", 0.25), ("loads", 0.5)]
    slowest = pd.DataFrame(rows, columns=["function", "share"])
    assert share_of("loads", slowest) == 0.75
    assert share_of("dump", slowest) == 0
