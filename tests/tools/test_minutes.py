"""The minutes of a lesson follow from what there is to read, to run and to do."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from workbook.tools import minutes
from workbook.tools.build import NOTEBOOKS
from workbook.tools.notebook import read_source
from workbook.workspace import ROOT

SOURCES = sorted((NOTEBOOKS / "src").glob("0*.py"))


def notebook(*cells: str) -> NotebookNode:
    new = nbformat.v4
    return new.new_notebook(
        cells=[
            new.new_code_cell(cell.removeprefix("CODE"))
            if cell.startswith("CODE")
            else new.new_markdown_cell(cell)
            for cell in cells
        ]
    )


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("word " * 260, 2),
        ("CODE" + "x = 1\n\n" * 40, 2),
        ('CODE@check("02.1")\ndef dag_file():\n    ...', 5),
        ('CODEguess = predict("seconds")\nguess', 0.5 + 2 / 20),
        ("<details><summary>Solution</summary>" + "word " * 260 + "</details>", 0),
    ],
)
def test_reading_and_doing_take_time(cell: str, expected: float) -> None:
    assert minutes.minutes(notebook("## One", cell), {})["One"] == pytest.approx(expected, abs=0.02)


def test_sections_are_added_up_with_the_seconds_that_their_cells_ran() -> None:
    lesson = notebook("# Lesson", "## One", "word " * 130, "## Two", "word " * 260)
    assert minutes.line(lesson, {"One": 60, "Two": 120}) == (
        "5 minutes, exercises included · no preparation needed\n\n"
        "The minute at which each section ends: One 2 · Two 6"
    )


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_seconds_of_every_section_are_measured(source: Path) -> None:
    measured = minutes.stored(source)
    running = {head for head, cell in minutes.sections(read_source(source)) if cell.cell_type == "code"}
    assert running <= set(measured), f"run: python -m workbook.tools.seconds {source.stem}"


def test_readme_states_the_minutes_of_the_notebooks() -> None:
    table = re.findall(
        r"^\| \[.*?\]\(notebooks/(\w+)\.ipynb\) \| (\d+) \|", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    assert table == [
        (
            source.stem,
            str(minutes.in_fives(sum(minutes.minutes(read_source(source), minutes.stored(source)).values()))),
        )
        for source in SOURCES
    ]
