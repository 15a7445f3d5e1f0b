"""Every claim of every notebook comes out false when its cause is destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from support import sabotage

from workbook.stack.kernels import keep_airflow
from workbook.tools.build import NOTEBOOKS

SABOTAGES = sabotage.of_lessons()
ROUNDS = [
    (name, round) for name in sorted(SABOTAGES) for round in sorted({one.round for one in SABOTAGES[name]})
]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One Airflow for all rounds of all notebooks."""
    folder = tmp_path_factory.mktemp("sabotage")
    with keep_airflow(folder):
        yield folder


@pytest.mark.notebook
@pytest.mark.timeout(2400)
@pytest.mark.parametrize(("name", "round"), ROUNDS)
def test_claims_fall_with_their_causes(name: str, round: str, scratch: Path) -> None:
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    if problems := sabotage.problems(notebook, SABOTAGES[name], round, NOTEBOOKS, scratch):
        pytest.fail("\n".join(problems), pytrace=False)
