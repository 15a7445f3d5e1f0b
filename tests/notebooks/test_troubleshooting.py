"""Every message in the page for those who are stuck is one that the workbook, `dagfreeze` or Python says."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from workbook.tools.build import NOTEBOOKS
from workbook.workspace import DAGS

PAGE = (NOTEBOOKS / "troubleshooting.md").read_text(encoding="utf-8")
MESSAGES = re.findall(r"^\| `(.+?)` \|", PAGE, re.MULTILINE)
PYTHONS = {"NameError: name 'airflow' is not defined", "No module named dagfreeze"}


@cache
def texts() -> str:
    """All strings of the workbook's code, each part of an f-string by itself, a line each."""
    files = [*(NOTEBOOKS / "workbook").rglob("*.py"), *(DAGS / "dagfreeze").rglob("*.py")]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return "\n".join(
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_every_row_has_a_message_a_cause_and_what_to_do() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(rows) == len(MESSAGES) == len({*MESSAGES}) >= 20
    assert all(len(row.strip("| ").split(" | ")) == 3 for row in rows)


@pytest.mark.parametrize("message", sorted({*MESSAGES} - PYTHONS))
def test_message_is_said_somewhere(message: str) -> None:
    parts = [part.strip(" ;") for part in message.split("…")]
    assert [part for part in parts if part not in texts()] == []
