"""The presenter's schedules are made of sections that exist, and of the minutes that these, and the slides, state."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from workbook.tools import minutes
from workbook.tools.build import NOTEBOOKS
from workbook.tools.notebook import read_source
from workbook.workspace import ROOT

PAGE = (NOTEBOOKS / "presenting.md").read_text(encoding="utf-8")
SOURCES = {path.stem[:2]: path for path in sorted((NOTEBOOKS / "src").glob("0*.py"))}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without the two lines at its top."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def notebook(cell: str) -> str:
    match = re.fullmatch(r"\[(\d\d)\]\((\S+)\.ipynb\)", cell)
    assert match and SOURCES[match[1]].stem == match[2], cell
    return match[1]


def spent(number: str) -> dict[str, float]:
    source = SOURCES[number]
    return minutes.minutes(read_source(source), minutes.stored(source))


def test_day_has_every_notebook_with_its_minutes() -> None:
    table = [(notebook(row[0]), int(row[1])) for row in rows("A day")]
    assert table == [(number, minutes.in_fives(sum(spent(number).values()))) for number in SOURCES]
    assert sum(count for _, count in table) == 375  # "six and a quarter hours"


@pytest.mark.parametrize("row", rows("Half a day"), ids=lambda row: f"{row[0][1:3]} {row[1]}")
def test_half_a_day_has_sections_with_their_minutes(row: list[str]) -> None:
    sections = spent(notebook(row[0]))
    needed = sum(sections.values()) if row[1] == "all of it" else sections[row[1]]
    assert abs(int(row[2]) - needed) <= 1


def test_half_a_day_fits() -> None:
    assert 150 <= sum(int(row[2]) for row in rows("Half a day")) <= 170


def test_thirty_minutes_are_those_of_the_slides() -> None:
    part, stated = "Beginning", defaultdict[str, float](float)
    for title, settings in re.findall(
        r"^# (.*?) \{(.*)\}$", (ROOT / "slides" / "talk.md").read_text("utf-8"), re.MULTILINE
    ):
        part = title if ".part" in settings else part
        if match := re.search(r"\bm30=([\d.]+)", settings):
            stated[part] += float(match[1])
    assert {row[0]: float(row[1]) for row in rows("30 minutes")} == stated


def test_every_notebook_has_a_belief_and_a_question() -> None:
    table = rows("What people believe, and the question that shows it")
    assert {notebook(row[0]) for row in table} == SOURCES.keys()
    assert all(re.fullmatch(r'".*[?]"', row[2]) for row in table)


def test_exercises_that_the_room_does_exist() -> None:
    numbers = set(re.findall(r"\b(\d\d\.\d)\b", PAGE.partition("## A day")[2].partition("## Half a day")[0]))
    assert numbers
    for number in numbers:
        assert f"exercise {number}\n" in SOURCES[number[:2]].read_text("utf-8")
