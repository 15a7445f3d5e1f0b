"""How many minutes a careful reader needs for a notebook, section by section."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

SECONDS = "seconds.json"
BEGINNING = "the beginning"
WORDS = 130
"""Words of instructive text that a careful reader, whose first language may be another one, reads in a minute. Silent
reading of English non-fiction is 238 on average (Brysbaert 2019, doi:10.1016/j.jml.2019.104047); what is to be
understood takes longer, and one looks from the text to the code and back."""
LINES = 20
"""Lines of code in a minute, our estimate."""
SHOWN = 22
"""Lines that ``show`` shows, on average."""
EACH = {r"= predict\(": 0.5, r"\bshow\(": SHOWN / LINES, r"_explorer\(": 3, r"^@check\(": 5, r"^\d\. ": 1}
"""Minutes for a guess, a shown file, a control, an exercise and a question, our estimates."""


def minutes(notebook: NotebookNode, seconds: dict[str, float]) -> dict[str, float]:
    """How many minutes each section takes.

    Args:
        notebook: with its exercises and questions.
        seconds: how long the cells of each section run, by its heading.

    Returns:
        Minutes by heading, in the order of the sections; what stands before the first belongs to `BEGINNING`.
    """
    spent = {heading: seconds.get(heading, 0) / 60 for heading, _ in sections(notebook)}
    for heading, cell in sections(notebook):
        text = re.sub(r"<details>.*?</details>", "", cell.source, flags=re.DOTALL)
        if cell.cell_type == "code":
            spent[heading] += (
                0 if "@check(" in text else len(re.findall(r"^.*\S", text, re.MULTILINE)) / LINES
            )
        else:
            spent[heading] += len(re.findall(r"\w+", re.sub(r"\(.*?\)", "", text))) / WORDS
        spent[heading] += sum(
            each * len(re.findall(pattern, text, re.MULTILINE)) for pattern, each in EACH.items()
        )
    return spent


def sections(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Every cell with the heading of the second level that it stands below."""
    heading = BEGINNING
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (match := re.match(r"## (.*)", cell.source)):
            heading = match[1].strip()
        yield heading, cell


def line(notebook: NotebookNode, seconds: dict[str, float]) -> str:
    """What a notebook says about its minutes at its beginning; arguments as for `minutes`."""
    spent = minutes(notebook, seconds)
    ends = zip(spent, itertools.accumulate(spent.values()), strict=True)
    listing = " · ".join(f"{heading} {end:.0f}" for heading, end in ends if heading != BEGINNING)
    total = in_fives(sum(spent.values()))
    return (
        f"{total} minutes, exercises included · no preparation needed\n\n"
        f"The minute at which each section ends: {listing}"
    )


def in_fives(total: float) -> int:
    """Minutes as they are stated: in steps of five, and five at least."""
    return max(5, 5 * round(total / 5))


def stored(source: Path) -> dict[str, float]:
    """How long the sections of a notebook ran, in seconds, by heading; empty when it was not measured."""
    file = source.with_name(SECONDS)
    seconds = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return dict(seconds.get(source.stem, {}))
