"""The rooms of the notebooks' package import downwards only, so that one can be read without those above it."""

from __future__ import annotations

import ast
from pathlib import Path

from workbook.workspace import ROOT

PACKAGE = ROOT / "notebooks" / "workbook"
FLOORS = (
    ("tools",),
    ("bench",),
    ("lesson", "charts"),
    ("exercises",),
    ("models",),
    ("measure",),
    ("stack",),
    ("services",),
    ("",),
)
"""The rooms from the top; "" is the ground on which they stand, the modules beside them."""


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0] if path.parent != PACKAGE else ""


def imported(path: Path) -> set[str]:
    """The rooms that a module imports from, also where only its annotations do."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    parts = (name.split(".") for name in names if name.startswith("workbook."))
    return {part[1] if (PACKAGE / part[1]).is_dir() else "" for part in parts}


def test_rooms_import_downwards_only() -> None:
    level = {name: number for number, floor in enumerate(FLOORS) for name in floor}
    arrows = {(room(path), below) for path in PACKAGE.rglob("*.py") for below in imported(path)}
    wrong = {(above, below) for above, below in arrows if above != below and level[above] >= level[below]}
    assert wrong == set()
    assert {name for arrow in arrows for name in arrow} == level.keys()


def test_no_module_is_longer_than_one_reads_in_a_sitting() -> None:
    lines = {path: len(path.read_text().splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {str(path.relative_to(ROOT)): number for path, number in lines.items() if number > 300} == {}
