"""Exercises and questions as the cells of a notebook; they can be read without running anything."""

from __future__ import annotations

import html
import re

from workbook.exercises.cell import solution_cell, starter_cell
from workbook.exercises.exercise import Option, Question, exercise, questions

PLACE = re.compile(r"(?P<kind>exercise|questions) (?P<number>\d\d(\.\d)?)")


def cells(place: str) -> list[tuple[str, str]] | None:
    """The cells that a notebook has where its source has a Markdown cell such as ``exercise 02.1``.

    Args:
        place: the text of a Markdown cell.

    Returns:
        The kind (``markdown`` or ``code``) and the text of each cell; None when the cell is to stay as it is.

    Raises:
        ValueError: when there is no such exercise, or the lesson has no questions.
    """
    match = PLACE.fullmatch(place.strip())
    if match is None:
        return None
    if match["kind"] == "questions":
        return [("markdown", _questions(match["number"]))]
    each = exercise(match["number"])
    return [
        ("markdown", f"**Exercise {each.number}.** {each.task}"),
        ("code", starter_cell(each)),
        ("markdown", _folded("Solution", f"\n```python\n{solution_cell(each)}\n```\n")),
    ]


def _questions(lesson: str) -> str:
    listing = "\n\n".join(
        f"{number}. {_question(each)}" for number, each in enumerate(questions(lesson), start=1)
    )
    return f"## Two questions\n\nChoose an answer and open it; each says whether it is right, and why.\n\n{listing}"


def _question(each: Question) -> str:
    return "\n\n".join(
        [each.text, *(_folded(_html(option.text), _reason(option, each)) for option in each.options)]
    )


def _reason(option: Option, question: Question) -> str:
    if option.right:
        return f"<b>Right.</b> {_html(option.reason)}"
    anchor = question.section.replace(" ", "-")
    return f'<b>No.</b> {_html(option.reason)} Read again: <a href="#{anchor}">{html.escape(question.section)}</a>.'


def _folded(summary: str, text: str) -> str:
    # opened with the keyboard and announced by a screen reader, in JupyterLab and on GitHub, without a kernel
    return f"<details><summary>{summary}</summary>\n{text}\n</details>"


def _html(text: str) -> str:
    """Markdown's code spans as HTML, in which a browser reads what is folded."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", html.escape(text, quote=False))
