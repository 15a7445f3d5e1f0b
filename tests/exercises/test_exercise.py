"""Every exercise is taken both ways: what is wrong gets its own message, what is right passes."""

from __future__ import annotations

import re
from dataclasses import replace

import nbformat
import pytest

from workbook.exercises.cell import starter_cell, verdict
from workbook.exercises.exercise import Exercise, Misconception, Question, exercises, questions
from workbook.tools.build import NOTEBOOKS
from workbook.workspace import ROOT

LESSONS = sorted(
    path.stem.removeprefix("lesson_")
    for path in (ROOT / "notebooks" / "workbook" / "exercises").glob("lesson_*.py")
)
EXERCISES = {each.number: each for lesson in LESSONS for each in exercises(lesson)}
WRONG = {
    f"{each.number}-{place}": (each, wrong)
    for each in EXERCISES.values()
    for place, wrong in enumerate(each.misconceptions, start=1)
}
QUESTIONS = {
    f"{lesson}-{place}": (lesson, each)
    for lesson in LESSONS
    for place, each in enumerate(questions(lesson), start=1)
}


def answered(each: Exercise, answer: str) -> str:
    """What the learner is told for an answer in the starter's place."""
    return verdict(each, starter_cell(replace(each, starter=answer)))


def restarted(each: Exercise) -> Exercise:
    """The exercise with another starter of the same name, so that its own is an answer like any other."""
    return replace(
        each, starter=re.sub(r"(?s)(\n|^)((?:async )?(?:def|class) .*?:)\n.*", r"\1\2\n    0\n", each.starter)
    )


@pytest.mark.parametrize("each", EXERCISES.values(), ids=EXERCISES)
def test_starter_is_still_to_do(each: Exercise) -> None:
    assert answered(each, each.starter).startswith(f"To do: exercise {each.number}.")
    assert len(starter_cell(each).splitlines()) <= 15


@pytest.mark.airflow
@pytest.mark.parametrize("each", EXERCISES.values(), ids=EXERCISES)
def test_starter_would_not_pass(each: Exercise) -> None:
    output = verdict(restarted(each), starter_cell(each))
    assert output.startswith(f"Not yet: exercise {each.number}."), output


@pytest.mark.airflow
@pytest.mark.parametrize(("each", "wrong"), WRONG.values(), ids=WRONG)
def test_misconception_gets_its_own_message(each: Exercise, wrong: Misconception) -> None:
    output = answered(each, wrong.answer)
    assert output.startswith(f"Not yet: exercise {each.number}."), output
    assert [other.message for other in each.misconceptions if other.message in output] == [wrong.message]


@pytest.mark.airflow
@pytest.mark.parametrize("each", EXERCISES.values(), ids=EXERCISES)
def test_solution_passes(each: Exercise) -> None:
    for answer in (each.solution, *each.also_right):
        output = answered(each, answer)
        assert output.startswith(f"✔ Done: exercise {each.number}."), output


@pytest.mark.airflow
@pytest.mark.parametrize("each", EXERCISES.values(), ids=EXERCISES)
def test_broken_solution_does_not_pass(each: Exercise) -> None:
    right, wrong = each.broken
    assert each.solution.count(right) == 1
    output = answered(each, each.solution.replace(right, wrong))
    assert output.startswith(f"Not yet: exercise {each.number}."), output


@pytest.mark.parametrize("lesson", LESSONS)
def test_lesson_asks_two_questions(lesson: str) -> None:
    assert len(questions(lesson)) == 2


@pytest.mark.parametrize(("lesson", "each"), QUESTIONS.values(), ids=QUESTIONS)
def test_question_has_a_reason_for_each_option_and_a_section_for_the_wrong_ones(
    lesson: str, each: Question
) -> None:
    source = next((NOTEBOOKS / "src").glob(f"{lesson}_*.py")).read_text(encoding="utf-8")
    assert each.section in re.findall(r"^# ##+ (.+)$", source, re.MULTILINE)
    assert [option.right for option in each.options].count(True) == 1
    assert len(each.options) == len({option.text for option in each.options}) >= 3
    assert len({option.reason for option in each.options}) == len(each.options)
    assert all(re.fullmatch(r"(?s).{15,}[.?]", option.reason) for option in each.options)


@pytest.mark.parametrize("lesson", LESSONS)
def test_notebook_has_its_exercises_and_questions_once_each(lesson: str) -> None:
    notebook = nbformat.read(next(NOTEBOOKS.glob(f"{lesson}_*.ipynb")), as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    placed = [cell for cell in code if cell.startswith("@check(")]
    assert placed == [starter_cell(each) for each in exercises(lesson)]  # in their order, too
    assert all(len(each.hints) >= 2 for each in exercises(lesson))
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert prose.count("## Two questions") == 1
    assert prose.count("<b>Right.</b>") == 2
