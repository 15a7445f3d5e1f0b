"""Pictures for slides: our drawings and the notebooks' own charts, inlined so that their text uses the deck's fonts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deck.results import Results
from deck.source import Slide

if TYPE_CHECKING:
    from workbook.charts import Chart


def drawing(images: Path, name: str, slide: Slide) -> str:
    """HTML of one of our drawings, with its alternative text."""
    path = images / name
    if not path.is_file():
        raise slide.error(f"shows images/{name}, which does not exist")
    texts = json.loads((images / "alternative_texts.json").read_text("utf-8"))
    if path.stem not in texts:
        raise slide.error(f"shows images/{name}, which has no text in images/alternative_texts.json")
    svg = re.sub(r"<title>.*?</title>\n?", "", path.read_text("utf-8"), flags=re.DOTALL)
    svg = re.sub(r'<rect class="ground".*?/>\n?', "", svg)
    return _figure(svg, texts[path.stem], path.stem)


def chart(results: Results, name: str, words: str, slide: Slide) -> str:
    """HTML of one of the notebooks' charts in slide style, from measured data.

    Args:
        results: have the chart's function and data; a list of pairs in the data is a mapping.
        name: of the chart in the results.
        words: alternative text; the chart's own sentence when empty.

    Raises:
        DeckError: when the chart, or its function, is missing.
    """
    entry = results.chart(name, slide)
    from workbook import charts  # here, because only charts need the notebooks' package

    if not hasattr(charts, entry["function"]):
        raise slide.error(
            f'shows the chart "{name}", but workbook.charts has no function {entry["function"]}'
        )
    try:
        titled = measured_chart(entry)
    except TypeError as problem:
        raise slide.error(f'shows the chart "{name}", whose data do not fit: {problem}') from None

    def untitled(style: charts.Style) -> Any:
        figure = titled.figure(style)
        figure.suptitle("")  # the slide's heading says the message
        return figure

    svg = charts.Chart(untitled, titled.sentence).svg(replace(charts.SLIDE, text_as="none"))
    return _figure(svg, words or re.sub("[«»]", "", titled.sentence), name)


def measured_chart(entry: dict[str, Any]) -> Chart:
    """One of the notebooks' charts, from its entry in the results.

    Raises:
        AttributeError: when workbook.charts has no such function.
        TypeError: when the function takes other data.
    """
    from workbook import charts

    function = getattr(charts, entry["function"])
    chart: Chart = function(**{key: _argument(value) for key, value in entry["data"].items()})
    return chart


def _argument(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(item, list) and len(item) == 2 for item in value):
        return dict(value)
    return value


def _figure(svg: str, alternative_text: str, name: str) -> str:
    """A picture that reads as one image; its ids get a prefix, because several stand in one page."""
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(href="|url\()#', rf"\1#{name}-", svg)
    label = escape(alternative_text)
    svg = re.sub(r"<svg\b[^>]*>", lambda match: _with_label(match[0], label), svg, count=1)
    return f'<figure class="picture">{svg.strip()}</figure>'


def _with_label(tag: str, label: str) -> str:
    box = re.search(r'viewBox="[^"]*"', tag)
    assert box
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box[0]} role="img" aria-label="{label}">'
