"""What is wrong with the slide that a browser shows: each check returns sentences, none when all is well."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

SMALLEST_TEXT = 18
"""Pixels on the screen, not in the deck's own 1280 × 720."""
LEAST_CONTRAST = 4.5

LOOK = Path(__file__).with_name("look.js").read_text("utf-8")

BACKGROUND_LOADS = """
address => new Promise(done => {
  const image = new Image();
  image.onload = () => done(image.naturalWidth > 0);
  image.onerror = () => done(false);
  image.src = address;
})
"""

WITHOUT_TEXT = ".reveal * { color: transparent !important } .reveal text { opacity: 0 !important }"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong."""

    check: str
    slide: str
    words: str


def faults(page: Page) -> list[Fault]:
    """What is wrong with the slide as it is shown now, without axe-core."""
    state: dict[str, Any] = page.evaluate(LOOK)
    name = page.evaluate("Reveal.getCurrentSlide().id")
    sentences = [
        (check, words) for check in ("overflow", "pictures", "words", "heading") for words in state[check]
    ]
    if not state["lang"]:
        sentences.append(("lang", "the page names no language"))
    if state["role"]:
        sentences.append(("role", f"the deck claims to be an {state['role']}"))
    if state["background"] and not page.evaluate(BACKGROUND_LOADS, state["background"]):
        sentences.append(("pictures", f"the background {state['background'][:60]} did not load"))
    for text in state["texts"]:
        if text["size"] < SMALLEST_TEXT:
            sentences.append(("size", f'"{text["words"]}" is {text["size"]:.1f} px'))
    sentences += [("contrast", words) for words in _low_contrast(page, state["texts"])]
    return [Fault(check, name, words) for check, words in dict.fromkeys(sentences)]


def axe_faults(page: Page) -> list[Fault]:
    """What axe-core says about the slide as it is shown now."""
    name = page.evaluate("Reveal.getCurrentSlide().id")
    violations = Axe().run(page).response["violations"]
    return [Fault("axe", name, f"{item['id']}: {item['nodes'][0]['html'][:120]}") for item in violations]


def _low_contrast(page: Page, texts: list[dict[str, Any]]) -> list[str]:
    """Texts that stand out too little from the pixels that are really behind them."""
    style = page.add_style_tag(content=WITHOUT_TEXT)
    pixels = numpy.asarray(
        Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB"), dtype=float
    )
    style.evaluate("element => element.remove()")
    sentences = []
    for text in texts:
        left, top, right, bottom = (round(value) for value in text["box"])
        behind = pixels[max(top, 0) : bottom, max(left, 0) : right].reshape(-1, 3)
        if not len(behind):
            continue  # outside the screen: the check for overflow says so
        contrast = _worst_contrast(text["colour"], text["opacity"], behind)
        if contrast < LEAST_CONTRAST:
            sentences.append(f'"{text["words"]}" has a contrast of {contrast:.1f}')
    return sentences


def _worst_contrast(colour: str, opacity: float, behind: numpy.ndarray) -> float:
    """Contrast with the least favourable pixels behind a text; a thin line, a twentieth of them, is let through."""
    parts = [float(part) for part in colour[colour.index("(") + 1 : -1].replace("/", ",").split(",")]
    alpha = (parts[3] if len(parts) > 3 else 1.0) * opacity
    ink = numpy.asarray(parts[:3]) * alpha + behind * (1 - alpha)
    lighter, darker = _luminance(ink), _luminance(behind)
    high, low = numpy.maximum(lighter, darker), numpy.minimum(lighter, darker)
    return float(numpy.percentile((high + 0.05) / (low + 0.05), 5))


def _luminance(colours: numpy.ndarray) -> numpy.ndarray:
    shares = colours / 255
    linear = numpy.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return numpy.asarray(linear @ numpy.array([0.2126, 0.7152, 0.0722]))
