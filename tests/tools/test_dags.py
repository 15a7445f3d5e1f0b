"""What is committed in ``dags`` is what its command makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.tools import dags
from workbook.workspace import DAGS

pytestmark = pytest.mark.airflow


def committed() -> dict[Path, bytes]:
    files = [*(DAGS / "catalog").iterdir(), *(DAGS / "static").glob("*.py")]
    return {file: file.read_bytes() for file in files}


def test_making_the_dags_again_changes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    before = committed()
    assert dags.main() == 0
    assert committed() == before
    assert "0 written, 0 deleted" in capfd.readouterr().out
