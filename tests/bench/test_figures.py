"""A figure is written with as many digits as say something, and those that are quoted are written so."""

from __future__ import annotations

import json

import pytest

from workbook.bench.__main__ import RESULTS
from workbook.bench.figures import Figure


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, "times", "1.00"),
        (1.162, "times", "1.16"),
        (7.758, "times", "7.8"),
        (69.08, "times", "69"),
        (1117, "times", "1,117"),
        (10, "s", "10 s"),
        (2, "s", "2 s"),
        (0.1353, "s", "0.14 s"),
        (3.858, "s", "3.9 s"),
        (171.4, "s", "171 s"),
        (20, "ms", "20 ms"),
        (361.3, "MB", "361 MB"),
        (13.52, "%", "14 %"),
        (10_000, "DAGs", "10,000"),
    ],
)
def test_a_value_is_written_with_the_digits_that_say_something(value: float, unit: str, text: str) -> None:
    assert Figure(value, unit, "").text == text


def test_the_results_are_written_so() -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))["results"].values()
    assert [Figure(one["value"], one["unit"], "").text for one in results] == [one["text"] for one in results]
