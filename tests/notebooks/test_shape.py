"""Every page reads as a page should: short cells, something to do every few cells, headings, pictures and links."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import pypandoc
import pytest
from nbformat import NotebookNode

from workbook.tools.build import NOTEBOOKS
from workbook.workspace import ROOT

LINES = 15
CELLS = 4
ACTIVE = re.compile(r"\b(predict|beside|check|\w+_explorer)\(")
LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))
PAGES = [*LESSONS, NOTEBOOKS / "glossary.md", NOTEBOOKS / "src" / "README.md", ROOT / "README.md"]
PAGES += [ROOT / "dags" / "dagfreeze" / "README.md", ROOT / "dags" / "dagfreeze" / "tried.md"]


def shape_problems(notebook: NotebookNode) -> Iterator[str]:
    """Cells that are too long, and cells in a row that ask nothing of the learner."""
    row = 0
    for cell in notebook.cells:
        first = cell.source.strip().partition("\n")[0]
        if cell.cell_type != "code":
            row = 0 if "<details>" in cell.source else row
            continue
        if (lines := len(cell.source.strip().splitlines())) > LINES:
            yield f"the cell that begins with {first!r} has {lines} lines"
        row = 0 if ACTIVE.search(cell.source) else row + 1
        if row == CELLS + 1:
            yield f"{first!r} is the cell number {row} in a row without a guess, an exercise or a question"


def page_problems(markdown: str, folder: Path) -> Iterator[str]:
    """Headings, alternative texts and links of a page.

    Args:
        markdown: all of its text.
        folder: where it stands.
    """
    nodes = list(_nodes(json.loads(pypandoc.convert_text(markdown, "json", format="gfm-autolink_bare_uris"))))
    levels = [content[0] for kind, content in nodes if kind == "Header"]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"its headings have the levels {levels}; one of the first level belongs at the top"
    yield from (
        f"a heading of level {below} follows one of level {above}"
        for above, below in itertools.pairwise(levels)
        if below > above + 1
    )
    for kind, content in nodes:
        if kind == "Image" and len(re.sub(r"\W", "", _text(content[1]))) < 10:
            yield f"the picture {content[2][0]} has no text for those who do not see it"
        if kind in ("Image", "Link") and "://" not in content[2][0]:
            yield from _link_problems(unquote(content[2][0]), markdown, folder)


def _link_problems(target: str, markdown: str, folder: Path) -> Iterator[str]:
    path, _, anchor = target.partition("#")
    file = (folder / path).resolve() if path else None
    if file is not None and not (file.exists() and file.is_relative_to(ROOT)):
        yield f"the link to {target} leads nowhere in this repository"
    elif anchor and anchor not in _anchors(markdown if file is None else _markdown(file)):
        yield f"the link to {target} names no heading"


def _anchors(markdown: str) -> set[str]:
    """The names of headings, as GitHub and as JupyterLab make them."""
    headings = re.findall(r"^#+ +(.+?) *$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-").lower() for heading in headings} | {
        heading.replace(" ", "-") for heading in headings
    }


def _markdown(page: Path) -> str:
    if page.suffix != ".ipynb":
        return page.read_text(encoding="utf-8")
    cells = nbformat.read(page, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def _nodes(tree: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict):
        if "t" in tree and "c" in tree:
            yield tree["t"], tree["c"]
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from _nodes(part)


def _text(inlines: Any) -> str:
    return "".join(content for kind, content in _nodes(inlines) if kind == "Str")


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_cell_is_long_and_none_runs_on_without_the_learner(path: Path) -> None:
    assert list(shape_problems(nbformat.read(path, as_version=4))) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_page_has_headings_in_order_texts_for_its_pictures_and_links_that_lead_somewhere(path: Path) -> None:
    assert list(page_problems(_markdown(path), path.parent)) == []


def _cells(*sources: str) -> NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


@pytest.mark.parametrize(
    ("sources", "problem"),
    [
        (["x = 1\n" * 15], None),
        (["x = 1\n" * 16], "has 16 lines"),
        (["x = 1"] * 4, None),
        (["x = 1"] * 5, "number 5 in a row"),
        (["x = 1"] * 4 + ['guess = predict("seconds")'] + ["x = 1"] * 4, None),
    ],
)
def test_long_cells_and_long_rows_are_found(sources: list[str], problem: str | None) -> None:
    problems = list(shape_problems(_cells(*sources)))
    assert problems == [] if problem is None else problem in problems[0]


@pytest.mark.parametrize(
    ("markdown", "problem"),
    [
        ("# One\n\n## Two\n\n[two](#two), [three](README.md#the-notebooks)", None),
        ("## Two", "one of the first level"),
        ("# One\n\n# Two", "one of the first level"),
        ("# One\n\n### Three", "a heading of level 3 follows one of level 1"),
        ("# One\n\n![](images/slots.svg)", "has no text"),
        ("# One\n\n[none](images/none.svg)", "leads nowhere"),
        ("# One\n\n[out](../../etc/passwd)", "leads nowhere"),
        ("# One\n\n[none](#none)", "names no heading"),
        ("# One\n\n[none](README.md#none)", "names no heading"),
    ],
)
def test_faults_of_a_page_are_found(markdown: str, problem: str | None) -> None:
    problems = list(page_problems(markdown, ROOT))
    assert problems == [] if problem is None else problem in problems[0]
