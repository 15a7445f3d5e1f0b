"""Charts are small, the same at every draw, legible without colour, and the explorer's chart follows its sliders."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from workbook.charts import SLIDE, Chart, bars, dial
from workbook.charts.parse_explorer import ParseExplorer, parse_explorer
from workbook.models.parse_costs import ParseCosts, fit
from workbook.tools.notebook import MEASURED

COSTS = {"JSON": ParseCosts(0.05, 0.0011, 0.0022), "JSON5": ParseCosts(0.05, 0.0036, 0.0022)}


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


def an_explorer() -> ParseExplorer:
    return parse_explorer(COSTS, [{"parser": "JSON", "dags": 100, "latency": 0.02, "seconds": 2.3}])


def words(svg: str) -> str:
    return " ".join(
        "".join(part.itertext()) for part in ElementTree.fromstring(svg).iter() if "text" in part.tag
    )


@pytest.mark.parametrize(
    "chart", [a_dial(), a_bar_chart(), an_explorer().chart], ids=["dial", "bars", "explorer"]
)
def test_chart_is_the_same_at_every_draw_and_small(chart: Chart) -> None:
    assert chart.svg() == chart.svg()
    assert chart.png() == chart.png()
    assert len(chart.png()) < 60_000
    assert len(chart.svg()) < 60_000
    assert ElementTree.fromstring(chart.svg())[0].text == re.sub("[«»]", "", chart.sentence)
    assert "<text" not in chart.svg(SLIDE)


def test_stored_drawing_is_measured_as_a_whole() -> None:
    one, other = (a_dial(first=first)._repr_mimebundle_()[0]["image/svg+xml"] for first in (0.25, 0.3))
    assert one != other
    assert MEASURED.sub("«»", one) == MEASURED.sub("«»", other)
    assert ElementTree.fromstring(one) is not None


def test_dial_names_what_it_marks() -> None:
    told = words(a_dial().svg())
    for part in (
        "100: 2.3 s",
        "200: stopped",
        "import timeout: 3 s",
        "your guess: 1.5 s",
        "the talk: 150, 2 s",
    ):
        assert part in told
    assert "your guess" not in words(a_dial(guess=None).svg())
    assert "your guess: 1,000 s, above this chart" in words(a_dial(guess=1000).svg())


def test_bars_name_what_they_mark() -> None:
    told = words(a_bar_chart().svg())
    for part in ("744×", "140×", "your guess", "20×", "the talk", "1,000×"):
        assert part in told


def test_explorer_follows_its_sliders() -> None:
    explorer = an_explorer()
    assert "400 DAGs × 20 ms" in explorer.picture.value
    explorer.dags_slider.value = 2000
    explorer.latency_slider.value = 0.1
    explorer.parser_choice.value = "JSON5"
    assert explorer.seconds == pytest.approx(0.05 + 2000 * (0.0036 + 0.1))
    assert "2,000 DAGs × 100 ms: 207 s, over the import timeout" in words(explorer.picture.value)


@pytest.mark.parametrize(
    ("dags", "verdict"),
    [
        (10_000, "within the import timeout"),
        (20_000, "with serialization over"),
        (30_000, "over the import timeout"),
    ],
)
def test_explorer_knows_both_timeouts(dags: int, verdict: str) -> None:
    explorer = an_explorer()
    explorer.latency_slider.value = 0
    explorer.dags_slider.value = dags
    assert explorer.verdict.startswith(verdict)


def test_explorer_stores_a_still_picture_beside_the_live_view() -> None:
    bundle, _ = an_explorer()._repr_mimebundle_()
    assert {"text/plain", "image/svg+xml", "image/png", "application/vnd.jupyter.widget-view+json"} == set(
        bundle
    )
    assert "400 DAGs × 20 ms, JSON: «" in bundle["text/plain"]


def test_fit_finds_the_costs_that_made_the_figures() -> None:
    true = ParseCosts(0.08, 0.0033)
    found = fit([(dags, true.import_seconds(dags)) for dags in (1, 10, 100, 1000)])
    assert (found.per_file, found.per_dag) == pytest.approx((0.08, 0.0033))
    split = fit([(dags, true.import_seconds(dags)) for dags in (1, 1000)], serialization=0.0022)
    assert split.per_dag == pytest.approx(0.0011)
    assert split.parse_seconds(500) == pytest.approx(true.import_seconds(500))


def test_fit_is_never_negative_and_needs_two_sizes() -> None:
    assert fit([(10, 2.0), (1000, 1.0)]).per_dag == 0
    assert fit([(10, 0.001), (1000, 10.0)]).per_file == 0
    with pytest.raises(ValueError, match="two different sizes"):
        fit([(10, 1.0), (10, 1.1)])


def test_png_has_two_pixels_for_each_of_the_notebook() -> None:
    assert Image.open(io.BytesIO(a_dial().png())).width == 2 * 768
