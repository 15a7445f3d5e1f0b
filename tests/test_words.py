"""The lessons use one word for one thing: what the list for authors says to avoid stands in no prose and no string."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

from workbook.workspace import ROOT

SOURCES = ROOT / "notebooks" / "src"
AVOID = [
    word.strip()
    for row in re.findall(r"^\|.*\|(.*)\|$", (SOURCES / "README.md").read_text("utf-8"), re.MULTILINE)[2:]
    for word in row.split(",")
    if word.strip()
]
FOUND = re.compile(rf"\b(?:{'|'.join(map(re.escape, AVOID))})\b", re.IGNORECASE)
TEXTS = [
    ROOT / "README.md",
    ROOT / "dags" / "dagfreeze" / "README.md",
    ROOT / "notebooks" / "glossary.md",
    ROOT / "notebooks" / "presenting.md",
    ROOT / "notebooks" / "troubleshooting.md",
    ROOT / "slides" / "talk.md",
    *(path for folder in ("dags", "notebooks", "slides") for path in sorted((ROOT / folder).rglob("*.py"))),
]


def spoken(file: Path) -> str:
    """What a reader reads as language: Markdown, and of Python the comments and strings; no code in them."""
    text = file.read_text("utf-8")
    if file.suffix == ".py":
        kinds = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        text = "\n".join(token.string.removeprefix("# ") for token in tokens if token.type in kinds)
    text = re.sub(r"^\s+\w+: ", "", text, flags=re.MULTILINE)  # an argument and its name, in a docstring
    return re.sub(r"```.*?```|`[^`]*`|\{[^{}]*\}", "…", text, flags=re.DOTALL)


def avoided(text: str) -> list[str]:
    """The words to avoid that stand in a text, across its line breaks."""
    return FOUND.findall(" ".join(text.split()))


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_text_uses_a_word_to_avoid(file: Path) -> None:
    assert avoided(spoken(file)) == []


def test_the_list_is_read_and_words_are_found(tmp_path: Path) -> None:
    assert len(AVOID) >= 30
    lesson = tmp_path / "99_lesson.py"
    lesson.write_text(
        '# %% [markdown]\n# Fix it at\n# once, `mend` it.\n\n# %%\nmended = f"a whole Airflow {mended}"  # anew\n'
    )
    assert avoided(spoken(lesson)) == ["at once", "whole Airflow", "anew"]
