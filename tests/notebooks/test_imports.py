"""A lesson asks its reader to look up few names."""

from __future__ import annotations

import ast
import sys

import pytest

from workbook.workspace import ROOT

LIMIT = 12
KNOWN = {*sys.stdlib_module_names, "pandas"}
"""What a reader knows from elsewhere."""
EXERCISES = "workbook.exercises"
"""`check`, `hint` and `solution` are the same in each lesson, and need no looking up."""


def imported(source: str) -> set[str]:
    """The names that the import statements of a source bring, without those of `KNOWN`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names if alias.name.partition(".")[0] not in KNOWN)
        elif (
            isinstance(node, ast.ImportFrom)
            and str(node.module).partition(".")[0] not in KNOWN
            and node.module != EXERCISES
        ):
            names.update(alias.name for alias in node.names)
    return names


def test_imports_are_found_wherever_they_stand() -> None:
    source = "import math, psutil\ndef f():\n    from workbook.lesson import claim, show\nimport pandas as pd"
    assert imported(source) == {"psutil", "claim", "show"}


@pytest.mark.parametrize("lesson", ["07_out_of_slots", "08_deferrable_operators"])
def test_the_lessons_on_waiting_import_few_names(lesson: str) -> None:
    names = imported((ROOT / "notebooks" / "src" / f"{lesson}.py").read_text(encoding="utf-8"))
    assert len(names) <= LIMIT, sorted(names)
