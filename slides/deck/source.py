"""talk.md, read into slides: what each says, in which cuts of the talk it stands, and when it is due."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

CUTS = (30, 20, 10)
"""Lengths of the talk in minutes; a heading's m30, m20 and m10 say how many minutes its slide has in each."""

BUILDER_ATTRIBUTES = {"live", "holds", *(f"m{minutes}" for minutes in CUTS)}
"""Attributes of a heading that this builder reads; ``background-…`` and ``data-…`` are handed to reveal.js."""

HEADING = re.compile(r"^# +(?P<words>.*?)\s*(?:\{(?P<attributes>[^{}]*)\})?\s*$")
ATTRIBUTE = re.compile(
    r"""(?P<id>\#[\w-]+)|(?P<class>\.[\w-]+)|(?P<key>[\w-]+)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))"""
)
FENCE = re.compile(r"^(`{3,}|~{3,})")
NOTES = re.compile(r"^::: *notes *\n(?P<text>.*?)^::: *$", re.MULTILINE | re.DOTALL)


class DeckError(ValueError):
    """The deck cannot be built; the message names the slide, what was found and what to do."""


@dataclass(frozen=True)
class Slide:
    """One slide as talk.md has it.

    Attributes:
        heading: its message.
        line: where in talk.md it begins.
        identifier: the name in its address, from ``#name`` in the heading's braces.
        classes: ``.part`` and the like from the braces.
        attributes: ``key=value`` from the braces; see `BUILDER_ATTRIBUTES`.
        body: what follows, without the notes.
        notes: what the speaker sees.
        begins: minutes after the beginning of the talk; set by `cut`.
        minutes: how long it is shown; set by `cut`.
    """

    heading: str
    line: int
    identifier: str
    classes: tuple[str, ...]
    attributes: dict[str, str]
    body: str
    notes: str
    begins: float = 0
    minutes: float = 0

    def error(self, problem: str) -> DeckError:
        """An error that says where it happened."""
        return DeckError(f'talk.md, line {self.line}, slide "{self.heading}": {problem}')


def read(path: Path) -> list[Slide]:
    """The slides of a file, all cuts.

    Raises:
        DeckError: when a heading or its attributes cannot be read, or two slides have one name.
    """
    slides = [_slide(line, text) for line, text in _chunks(path.read_text("utf-8"))]
    by_id: dict[str, Slide] = {}
    for slide in slides:
        if slide.identifier in by_id:
            raise slide.error(
                f'is named #{slide.identifier}, as is "{by_id[slide.identifier].heading}"; give one another #name'
            )
        by_id[slide.identifier] = slide
    return slides


def cut(slides: list[Slide], minutes: int) -> list[Slide]:
    """The slides of one cut of the talk, each with its time."""
    chosen, now = [], 0.0
    for slide in slides:
        if f"m{minutes}" not in slide.attributes:
            continue
        try:
            length = float(slide.attributes[f"m{minutes}"])
        except ValueError:
            raise slide.error(
                f'm{minutes} is "{slide.attributes[f"m{minutes}"]}"; it is a number of minutes'
            ) from None
        chosen.append(replace(slide, begins=now, minutes=length))
        now += length
    if not chosen:
        raise DeckError(f"talk.md has no slide with m{minutes} in its heading, so that cut is empty")
    if now > minutes:
        raise chosen[-1].error(
            f"ends at minute {now:g} of the {minutes}-minute cut; shorten some slides' m{minutes}"
        )
    return chosen


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Line number and text of each slide; what stands before the first heading is a comment."""
    start, fence, lines = 0, "", text.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        mark = FENCE.match(line)
        if mark:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        if not fence and HEADING.match(line):
            if start:
                yield start, "".join(lines[start - 1 : number - 1])
            start = number
    if start:
        yield start, "".join(lines[start - 1 :])


def _slide(line: int, text: str) -> Slide:
    first, _, rest = text.partition("\n")
    match = HEADING.match(first)
    assert match
    words, braces = match["words"], match["attributes"] or ""
    identifier, classes, attributes = "", [], {}
    for part in ATTRIBUTE.finditer(braces):
        if part["id"]:
            identifier = part["id"][1:]
        elif part["class"]:
            classes.append(part["class"][1:])
        else:
            attributes[part["key"]] = part["quoted"] if part["quoted"] is not None else part["bare"]
    notes = "\n".join(match["text"].strip() for match in NOTES.finditer(rest))
    slide = Slide(words, line, identifier, tuple(classes), attributes, NOTES.sub("", rest).strip(), notes)
    left = ATTRIBUTE.sub("", braces).strip()
    if left:
        raise slide.error(f'"{left}" in the heading\'s braces is neither #name, .class nor key=value')
    for key in attributes:
        if key not in BUILDER_ATTRIBUTES and not key.startswith(("background-", "data-")):
            keys = ", ".join(sorted(BUILDER_ATTRIBUTES))
            raise slide.error(
                f'"{key}" in the heading\'s braces is unknown; there are {keys}, background-… and data-…'
            )
    if not words:
        raise slide.error("has no words in its heading; say the slide's message there")
    if not identifier:
        raise slide.error(
            "has no name; write #name into the heading's braces, it becomes the slide's address"
        )
    if not notes:
        raise slide.error("has no speaker notes; add a ::: notes block")
    return slide
