"""Variables, arguments, attributes and functions are named by nouns that say what they hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from workbook.workspace import ROOT

SAY_NOTHING = {
    "asked", "begun", "done", "found", "given", "held", "here", "kept", "known", "learnt", "made", "most", "named",
    "noted", "own", "said", "seen", "there", "told", "wanted", "written",
}  # fmt: skip
"""Participles and adverbs, which fit every value: `changes` tells more than `found`."""

FOLDERS = ("dags", "images", "notebooks", "slides", "tests")
NOT_YET = (
    "dags/dynamic/parsing_context.py",  # as the next two: a notebook shows it
    "notebooks/src",
    "notebooks/workbook/lesson/shell.py",
    "tests/dagfreeze/catalog",  # DAG files as people write them
)
"""Where such names still are."""


def files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not any(path.is_relative_to(ROOT / name) for name in NOT_YET):
                yield path


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The names that code gives to something, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.ExceptHandler) and node.name:
            yield node.lineno, node.name


def test_names_say_what_they_hold() -> None:
    places = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in files()
        for line, name in names(ast.parse(path.read_bytes()))
        if name.lstrip("_") in SAY_NOTHING
    ]
    assert not places, "\n".join(["name what these hold:", *places])
