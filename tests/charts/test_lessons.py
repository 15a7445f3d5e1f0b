"""The charts of the lessons name what they mark, are small and the same at every draw."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image
from support.charts import is_small_and_the_same_at_every_draw, words

from workbook.charts import Chart, bars, dial, trade_off
from workbook.tools.notebook import MEASURED


def a_dial(guess: float | None = 1.5, first: float = 0.25) -> Chart:
    measured = {10: first, 100: 2.3, 200: None}
    return dial(
        measured, limit=3, guess=guess, talk=(150, 2), title="A title", sentence=f"10 take «{first} s»."
    )


def a_bar_chart() -> Chart:
    values = {"json": 1.0, "yaml": 140.0, "json5": 744.0}
    return bars(
        values, unit="×", log=True, guess=20, talk=1000, title="A title", sentence="json5 takes «744×»."
    )


def test_stored_drawing_is_measured_as_a_whole() -> None:
    one, other = (a_dial(first=first)._repr_mimebundle_()[0]["image/svg+xml"] for first in (0.25, 0.3))
    assert one != other
    assert MEASURED.sub("«»", one) == MEASURED.sub("«»", other)
    assert ElementTree.fromstring(one) is not None


def test_dial_names_what_it_marks() -> None:
    text = words(a_dial().svg())
    for part in (
        "100: 2.3 s",
        "200: stopped",
        "import timeout: 3 s",
        "your guess: 1.5 s",
        "the talk: 150, 2 s",
    ):
        assert part in text
    assert "your guess" not in words(a_dial(guess=None).svg())
    assert "your guess: 1,000 s, above this chart" in words(a_dial(guess=1000).svg())


def test_bars_name_what_they_mark() -> None:
    text = words(a_bar_chart().svg())
    for part in ("744×", "140×", "your guess", "20×", "the talk", "1,000×"):
        assert part in text


def test_png_has_two_pixels_for_each_of_the_notebook() -> None:
    assert Image.open(io.BytesIO(a_dial().png())).width == 2 * 768


def a_trade_off() -> Chart:
    return trade_off(
        {1: 4.2, 50: 0.8},
        {"without the guard": {1: 0.008, 50: 0.06}, "with the guard": {1: 0.008, 50: 0.009}},
        modelled={1: 4.1, 10: 1.3, 50: 0.9},
        held_out={10: 1.4},
        beside=("a factory", 0.9),
        title="A title",
        sentence="A cycle takes «4.2 s».",
    )


def test_trade_off_names_what_it_draws() -> None:
    text = words(a_trade_off().svg())
    for part in (
        "one parse cycle",
        "a factory: 0.9 s",
        "without the guard",
        "with the guard",
        "unseen by the model",
    ):
        assert part in text


@pytest.mark.parametrize("chart", [a_dial(), a_bar_chart(), a_trade_off()], ids=["dial", "bars", "trade-off"])
def test_chart_is_small_and_the_same_at_every_draw(chart: Chart) -> None:
    assert is_small_and_the_same_at_every_draw(chart)
