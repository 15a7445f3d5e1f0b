"""Exercises and questions become cells where the source of a notebook names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.exercises.cell import solution, solution_cell, starter_cell
from workbook.exercises.exercise import exercise, questions
from workbook.exercises.page import cells
from workbook.tools.notebook import BuildFailed, read_source


def test_exercise_is_its_task_the_starter_and_the_solution_that_is_tested(tmp_path: Path) -> None:
    source = tmp_path / "02_x.py"
    source.write_text("# %% [markdown]\n# # Title\n\n# %% [markdown]\n# exercise 02.3\n\n# %%\nx = 1\n")
    title, task, starter, folded, code = read_source(source).cells
    each = exercise("02.3")
    assert [cell.cell_type for cell in (title, task, starter, folded, code)] == [
        "markdown",
        "markdown",
        "code",
        "markdown",
        "code",
    ]
    assert each.task in task.source
    assert starter.source == starter_cell(each)
    assert solution_cell(each) in folded.source
    assert solution_cell(each) in str(solution("02.3").data)


def test_question_folds_every_option_with_its_reason_and_a_wrong_one_leads_to_the_section() -> None:
    (page,) = cells("questions 02") or []
    text = page[1]
    options = [option for each in questions("02") for option in each.options]
    assert text.count("<details><summary>") == text.count("</details>") == len(options)
    assert text.count("<b>Right.</b>") == 2
    assert text.count('<a href="#One-fate">One fate</a>') == 2
    assert (
        "`" not in text.partition("<details>")[2].partition("</details>")[0]
    )  # Markdown is not read in there


@pytest.mark.parametrize("text", ["An exercise 02.1 as part of a text", "# exercise 02.1", "exercises"])
def test_other_cells_stay(text: str) -> None:
    assert cells(text) is None


@pytest.mark.parametrize("place", ["exercise 02.9", "exercise 77.1", "questions 77"])
def test_what_does_not_exist_stops_the_build_with_a_sentence(tmp_path: Path, place: str) -> None:
    source = tmp_path / "02_x.py"
    source.write_text(f"# %% [markdown]\n# {place}\n")
    with pytest.raises(BuildFailed, match=f"a cell says “{place}”: there "):
        read_source(source)
