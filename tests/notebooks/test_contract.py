"""Each committed notebook is exactly its source, was executed in order, and makes the claims that it must make."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from support import contract
from support.sabotage import of_lessons

from workbook.tools import build

SABOTAGES = of_lessons()
NOTEBOOKS = sorted(build.NOTEBOOKS.glob("*.ipynb"))


def test_every_notebook_is_built_from_its_source() -> None:
    if problems := build.check(build.NOTEBOOKS):
        pytest.fail("\n".join(problems), pytrace=False)


def test_every_list_of_sabotages_belongs_to_a_notebook() -> None:
    assert sorted(SABOTAGES) == [path.stem for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_keeps_its_contract(path: Path) -> None:
    claims = [sabotage.claim for sabotage in SABOTAGES.get(path.stem, [])]
    if problems := contract.problems(nbformat.read(path, as_version=4), claims):
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.mark.parametrize(
    "source", sorted((build.NOTEBOOKS / "src").glob("0*.py")), ids=lambda path: path.stem
)
def test_every_guess_is_answered(source: Path) -> None:
    text = source.read_text()
    assert text.count(" = predict(") == text.count(".beside(") > 0, "a guess and its answer"
