"""The glossary is in order, and each of its words stands in the notebook that it names."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from workbook.tools.build import NOTEBOOKS

GLOSSARY = NOTEBOOKS / "glossary.md"
ENTRIES = re.findall(
    r"^\| (.+?) \| (.+?) \| \[(\d\d)\]\((.+?)\) \|$", GLOSSARY.read_text("utf-8"), re.MULTILINE
)


def test_words_are_in_order_and_explained_once() -> None:
    words = [word.casefold() for word, *_ in ENTRIES]
    assert len(words) >= 30
    assert words == sorted(set(words))
    assert (
        len(words) == GLOSSARY.read_text("utf-8").count("\n| ") - 1
    )  # every row but the heading was understood


@pytest.mark.parametrize(("word", "meaning", "number", "file"), ENTRIES, ids=[entry[0] for entry in ENTRIES])
def test_a_word_stands_in_the_notebook_that_it_names(word: str, meaning: str, number: str, file: str) -> None:
    assert Path(file).stem.startswith(f"{number}_")
    notebook = nbformat.read(NOTEBOOKS / file, as_version=4)
    prose = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown").casefold()
    stem = word.casefold().removesuffix("e")  # parse: parsing, parsed
    assert re.search(rf"\b{re.escape(stem)}", prose), f"{file} never says “{word}”"
    assert meaning.endswith(".")


def test_the_lessons_and_the_readme_lead_to_it() -> None:
    assert "(glossary.md)" in (NOTEBOOKS / "src" / "00_start_here.py").read_text("utf-8")
    assert "(notebooks/glossary.md)" in (NOTEBOOKS.parent / "README.md").read_text("utf-8")
