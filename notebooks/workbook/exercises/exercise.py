"""What an exercise and a question are, as data: a lesson's module has them, and everything else reads them."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook.exercises.attempt import Attempt


class NotYet(Exception):
    """What the learner wrote does not do yet what the exercise asks for; the message is for the learner."""


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that people give.

    Attributes:
        answer: what they write, as a whole: the cell without its first line.
        message: a part of the message that it must get, which no other answer of the exercise gets.
    """

    answer: str
    message: str


@dataclass(frozen=True)
class Exercise:
    """Something for the learner to write, in one cell.

    Attributes:
        number: such as ``02.1``; the lesson and a count.
        task: what is to be done, in a sentence or two of Markdown.
        starter: what stands in the cell below ``@check(…)``: a function or a class. Of one whose name ends in
            ``_file``, such as ``dag_file``, the body is the text of a file; anything else is imported as it is.
        hints: from a nudge to an outline.
        solution: in the starter's place, what passes.
        broken: an edit of the solution, a text in it and what replaces that, after which it must not pass.
        misconceptions: in the starter's place, what does not pass.
        check: runs what the learner wrote. It raises `NotYet`, or returns a remark for the learner who is done, which
            may be empty.
        also_right: in the starter's place, what passes too: other ways that people find.
    """

    number: str
    task: str
    starter: str
    hints: tuple[str, ...]
    solution: str
    broken: tuple[str, str]
    misconceptions: tuple[Misconception, ...]
    check: Callable[[Attempt], str]
    also_right: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """One of a question's answers, and why it is right or wrong."""

    text: str
    reason: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with a right answer and some that people give.

    Attributes:
        text: the question, in Markdown without paragraphs.
        section: the heading of the notebook's section that answers it.
        options: one of them is right.
    """

    text: str
    section: str
    options: tuple[Option, ...]


def exercises(lesson: str) -> tuple[Exercise, ...]:
    """The exercises of a lesson, such as ``02``; a lesson may have none."""
    return getattr(_module(lesson), "EXERCISES", ())


def questions(lesson: str) -> tuple[Question, ...]:
    """The questions at the end of a lesson, such as ``02``.

    Raises:
        ValueError: when there are none.
    """
    if lesson_questions := getattr(_module(lesson), "QUESTIONS", ()):
        return lesson_questions
    raise ValueError(f'there are no questions for lesson "{lesson}"')


def exercise(number: str) -> Exercise:
    """The exercise of this number, such as ``02.1``.

    Raises:
        ValueError: when there is none.
    """
    by_number = {each.number: each for each in exercises(number.partition(".")[0])}
    if number not in by_number:
        there_are = (
            f"those of this lesson are {', '.join(by_number)}" if by_number else "a number is like 02.1"
        )
        raise ValueError(f'there is no exercise "{number}"; {there_are}')
    return by_number[number]


def _module(lesson: str) -> Any:
    """The module of a lesson; None when it has none."""
    name = f"workbook.exercises.lesson_{lesson}"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None
