"""The whole repository is formatted, linted and typed, the notebooks through their sources."""

from __future__ import annotations

import subprocess
import sys

import pytest

from workbook.workspace import ROOT


@pytest.mark.parametrize(
    "tool",
    [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy", "."], ["mypy", "conftest.py"]],
    ids=["format", "lint", "types", "types of conftest"],
)
def test_whole_repository_is_clean(tool: list[str]) -> None:
    result = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
