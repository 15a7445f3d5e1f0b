"""The table of what was tried counts reasons by their kind, and says how many DAGs are frozen."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from workbook.tools.tried import HOSTILE, Row, as_page, error_kind, kind


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (
            "task load: argument python_callable: a function uses the global 'LOCK': it is a lock",
            "a function uses the global …",
        ),
        (
            "the class factory.<locals>.Echo is defined inside a function",
            "the class … is defined inside a function",
        ),
        ('what was written is not the same: task "a": retries is 1', "what was written is not the same"),
        ("it was not made by a call of DAG(…)", "it was not made by a call of DAG(…)"),
    ],
)
def test_a_kind_of_reason_names_no_dag(reason: str, expected: str) -> None:
    assert kind(reason) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("Traceback (most recent call last):\n  File …\nairflow.sdk.exceptions.NotFound: no x", "NotFound"),
        ("its process ended with status 3\nbye: all", "its process ended with status 3"),
    ],
)
def test_a_kind_of_error_is_the_exception(error: str, expected: str) -> None:
    assert error_kind(error) == expected


def test_the_page_counts_hostile_dags_apart() -> None:
    rows = [
        Row("theirs", 3, Counter({"ImportError": 1}), frozen=3, refused=Counter({"a | b_c": 1}), varying=2),
        Row(HOSTILE, 9, frozen=1, refused=Counter({"no": 8})),
    ]
    page = as_page(rows)
    assert "Of the 4 DAGs" in page and "**3 are frozen: 75.0 %**" in page
    assert "| theirs | 3 | 1<br>1: ImportError | 4 | 3 | 2 | 1<br>1: a \\| b\\_c |\n" in page


def test_a_missing_clone_is_a_sentence() -> None:
    program = (
        "from pathlib import Path; from workbook.tools import tried; "
        "tried.HERE = tried.ROOT / 'no-such-folder'; tried.installed_peers = lambda: None; "
        "raise SystemExit(tried.main())"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 2 and result.stderr.count("\n") == 1
    assert (
        "clone the repository astronomer/dag-factory into no-such-folder/dag-factory first" in result.stderr
    )
