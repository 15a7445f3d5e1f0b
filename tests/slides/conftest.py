"""Decks for the tests, and the browser that looks at them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
SLIDES = ROOT / "slides"
NOTEBOOKS = ROOT / "notebooks" / "src"
sys.path.insert(0, str(SLIDES))  # slides/build.py is a script, and finds its parts in the same way

from deck import browser as deck_browser  # noqa: E402
from deck import page, results, source  # noqa: E402

FAKE_RESULTS = Path(__file__).parent / "fake" / "results.json"

Build = Callable[..., list[Path]]
OpenPage = Callable[..., Page]

READY = "window.Reveal && Reveal.isReady() && document.fonts.status === 'loaded'"


@pytest.fixture(scope="session")
def figures() -> results.Results:
    """The invented figures."""
    return results.load(FAKE_RESULTS, SLIDES / "published.json")


@pytest.fixture(scope="session")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the real 30-minute deck: the committed figures, the committed notebooks."""
    folder = tmp_path_factory.mktemp("deck") / "build"
    slides = source.cut(source.read(SLIDES / "talk.md"), 30)
    measured = results.load(SLIDES / "results.json", SLIDES / "published.json")
    page.build(slides, measured, folder, minutes=30, live=NOTEBOOKS)
    return folder


@pytest.fixture
def build_text(tmp_path: Path, figures: results.Results) -> Build:
    """Build a deck from a text, with the invented figures."""

    def build(text: str) -> list[Path]:
        talk = tmp_path / "talk.md"
        talk.write_text(text, "utf-8")
        slides = source.cut(source.read(talk), 30)
        return page.build(slides, figures, tmp_path / "build", minutes=30, live=NOTEBOOKS)

    return build


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser; on a machine without one its tests are left out, but not in CI."""
    browser = deck_browser.chromium()
    try:
        started = browser.__enter__()
    except source.DeckError as problem:
        if os.environ.get("CI") == "true":
            pytest.fail(str(problem))
        pytest.skip(str(problem))
    yield started
    browser.__exit__(None, None, None)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Open an address; afterwards, nothing beyond the file and loopback was asked for."""
    opened: list[Page] = []
    strangers: list[str] = []

    def open_(address: str, size: tuple[int, int] = (1280, 720)) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
        )
        note_strangers(context, strangers)
        opened.append(context.new_page())
        opened[-1].goto(address)
        opened[-1].wait_for_function(READY)
        return opened[-1]

    yield open_
    for window in opened:
        window.context.close()
    assert not strangers, "no request leaves this machine"


def note_strangers(context: BrowserContext, strangers: list[str]) -> None:
    """Write down every address beyond the file and loopback that the context's pages ask."""
    context.on("request", lambda request: strangers.append(request.url) if is_far(request.url) else None)


def is_far(address: str) -> bool:
    """Whether an address is neither in the page, nor on the disk, nor on loopback."""
    return not address.startswith(("file:", "data:", "blob:", "about:", "http://127.0.0.1:"))
