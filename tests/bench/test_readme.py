"""The README shows the figures of the results file: eight rows to compare, and all of them folded."""

from __future__ import annotations

import json

from workbook.bench.__main__ import GROUPS, README, RESULTS
from workbook.bench.readme import COMPARED, as_tables

TITLES = {name: group.title for name, group in GROUPS.items()}
CONTENT = json.loads(RESULTS.read_text(encoding="utf-8"))


def test_the_readme_is_of_the_results() -> None:
    assert as_tables(CONTENT, TITLES) in README.read_text(encoding="utf-8")


def test_eight_rows_say_the_slow_way_the_fast_way_and_the_ratio() -> None:
    few, _, folded = as_tables(CONTENT, TITLES).partition("<details>")
    rows = [line.split("|")[1:-1] for line in few.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 8 and {len(row) for row in rows} == {4}
    seconds = CONTENT["results"]["makespan_blocking"]["text"]
    assert any(seconds in row[1] for row in rows) and seconds in folded


def test_figures_that_are_not_there_yet_are_not_compared() -> None:
    results = {name: one for name, one in CONTENT["results"].items() if name != min(COMPARED)}
    text = as_tables({**CONTENT, "results": results}, TITLES)
    assert "| ratio |" not in text and "<details>" in text
