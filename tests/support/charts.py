"""What is asked of every chart."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from workbook.charts import SLIDE, Chart

LARGEST_BYTES = 60_000


def words(svg: str) -> str:
    """The text in a chart."""
    return " ".join(
        "".join(part.itertext()) for part in ElementTree.fromstring(svg).iter() if "text" in part.tag
    )


def is_small_and_the_same_at_every_draw(chart: Chart) -> bool:
    """Whether a chart can be stored in a notebook, with its sentence as its name, and shown on a slide."""
    assert chart.svg() == chart.svg()
    assert chart.png() == chart.png()
    assert len(chart.png()) < LARGEST_BYTES
    assert len(chart.svg()) < LARGEST_BYTES
    assert ElementTree.fromstring(chart.svg())[0].text == re.sub("[«»]", "", chart.sentence)
    assert "<text" not in chart.svg(SLIDE)
    return True
