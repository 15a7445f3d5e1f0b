"""Every slide and every step of it in a real browser, at three sizes, on both outputs."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from deck import browser as deck_browser
from deck import server
from deck.source import DeckError
from PIL import Image
from playwright.sync_api import Browser, Page, TimeoutError
from pypdf import PdfReader

from .checks import Fault, axe_faults, faults
from .conftest import READY, Build, OpenPage, note_strangers

pytestmark = pytest.mark.browser

SIZES = [(1280, 720), (1024, 768), (1920, 1080)]
OUTPUTS = ["index.html", "talk.html"]


@pytest.fixture
def served(deck: Path) -> Iterator[tuple[str, server.LiveDeck]]:
    """The small server, and what it serves."""
    live = server.LiveDeck(deck, [deck], lambda: None)
    httpd = server.server(live)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}/", live
    httpd.shutdown()
    httpd.server_close()


def steps(page: Page) -> Iterator[str]:
    """Walk through the deck with the keyboard: every slide and every fragment step."""
    yield page.evaluate("Reveal.getCurrentSlide().id")
    while not page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
        before = page.evaluate("JSON.stringify(Reveal.getState())")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("JSON.stringify(Reveal.getState())") != before, "the key → does nothing"
        yield page.evaluate("Reveal.getCurrentSlide().id")


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_every_step_of_every_slide(
    deck: Path, open_page: OpenPage, size: tuple[int, int], output: str
) -> None:
    page = open_page((deck / output).as_uri(), size)
    all_faults: list[Fault] = []
    names = []
    for name in steps(page):
        all_faults += faults(page)
        names.append(name)
    assert not all_faults, _list(all_faults)
    assert len(set(names)) == page.evaluate("Reveal.getTotalSlides()") >= 28
    assert len(names) > len(set(names)), "some slides have steps"


@pytest.mark.parametrize("output", OUTPUTS)
def test_axe_finds_nothing(deck: Path, open_page: OpenPage, output: str) -> None:
    page = open_page((deck / output).as_uri())
    all_faults: list[Fault] = []
    for index in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(f"Reveal.slide({index}, 0, 99)")
        all_faults += axe_faults(page)
    assert not all_faults, _list(all_faults)


def _list(all_faults: list[Fault]) -> str:
    return "\n".join(f"{fault.slide}: {fault.check}: {fault.words}" for fault in all_faults)


# check that must fire, what is replaced in index.html, by what
FAULTS = {
    "overflow: too much text": (
        "overflow",
        "<h1>One morning",
        '<p style="min-height:800px">x</p><h1>One morning',
    ),
    "overflow: too wide": ("overflow", "<h1>One morning", '<p style="width:1400px">x</p><h1>One morning'),
    "overflow: cut off": (
        "overflow",
        "<h1>One morning",
        '<p style="width:90px;overflow:hidden;white-space:nowrap">more words than it shows</p><h1>One morning',
    ),
    "overflow: text leaves its drawing": (
        "overflow",
        "<h1>One morning",
        '<svg viewBox="0 0 200 40" width="200" aria-label="a"><text x="180" y="30" font-size="30">words</text></svg>'
        "<h1>One morning",
    ),
    "overflow: text over text": (
        "overflow",
        "<h1>One morning",
        '<p style="position:absolute;left:64px;top:60px">over it</p><h1>One morning',
    ),
    "a picture that does not load": (
        "pictures",
        "<h1>One morning",
        '<img src="no.svg" alt="a"><h1>One morning',
    ),
    "a background that does not load": (
        "pictures",
        'data-background-image="background_title.svg"',
        'data-background-image="no.svg"',
    ),
    "a picture without words": (
        "words",
        "<h1>One morning",
        '<img src="background_title.svg" width="9"><h1>One morning',
    ),
    "a drawing without words": ("words", 'role="img" aria-label="The parts', 'role="img" title="The parts'),
    "a slide without a heading": ("heading", "<h1>One morning", "<p>One morning"),
    "a page without a language": ("lang", '<html lang="en">', "<html>"),
    "small text": ("size", "<h1>One morning", '<p style="font-size:17px">small</p><h1>One morning'),
    "small text in a drawing": (
        "size",
        "<h1>One morning",
        '<svg viewBox="0 0 200 40" width="200" aria-label="a"><text y="30" font-size="16">a</text></svg>'
        "<h1>One morning",
    ),
    "grey on white": ("contrast", "<h1>One morning", '<p style="color:#999">faint</p><h1>One morning'),
    "half seen": ("contrast", "<h1>One morning", '<p style="opacity:.4">faint</p><h1>One morning'),
    "dark on a dark picture": (
        "contrast",
        "<h1>One morning",
        '<p style="background:url(background_title.svg)">dark</p><h1>One morning',
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_check_fires(deck: Path, tmp_path: Path, open_page: OpenPage, fault: str) -> None:
    check, old, new = FAULTS[fault]
    page = open_page(_changed(deck, tmp_path, old, new))
    all_faults = []
    for _, _name in zip(range(7), steps(page), strict=False):
        all_faults += faults(page)
    assert check in {fault.check for fault in all_faults}


def test_the_check_of_the_role_fires(deck: Path, open_page: OpenPage) -> None:
    page = open_page((deck / "index.html").as_uri())
    assert faults(page) == []
    page.evaluate("document.querySelector('.reveal').setAttribute('role', 'application')")
    assert [fault.check for fault in faults(page)] == ["role"]


def test_axe_fires(deck: Path, tmp_path: Path, open_page: OpenPage) -> None:
    page = open_page(_changed(deck, tmp_path, "<h1>Too big", '<a href="#/why"></a><h1>Too big'))
    assert any("link-name" in fault.words for fault in axe_faults(page))


def test_a_request_to_elsewhere_is_seen(deck: Path, tmp_path: Path, chromium: Browser) -> None:
    strangers: list[str] = []
    context = chromium.new_context()
    note_strangers(context, strangers)
    context.route("http://*/**", lambda route: route.abort())
    elsewhere = "http://slides.invalid/picture.png"
    page = context.new_page()
    page.goto(_changed(deck, tmp_path, "<h1>Too big", f'<img src="{elsewhere}" alt="a"><h1>Too big'))
    context.close()
    assert strangers == [elsewhere]


def test_a_dead_keyboard_is_noticed(deck: Path, open_page: OpenPage) -> None:
    page = open_page((deck / "index.html").as_uri())
    page.evaluate("Reveal.configure({keyboard: false})")
    with pytest.raises(AssertionError, match="the key → does nothing"):
        list(steps(page))


def _changed(deck: Path, tmp_path: Path, old: str, new: str) -> str:
    shutil.copytree(deck, tmp_path / "deck")
    index = tmp_path / "deck" / "index.html"
    text = re.sub("<h1[^>]*>", "<h1>", index.read_text("utf-8"))
    assert text.count(old) >= 1
    index.write_text(text.replace(old, new, 1), "utf-8")
    return index.as_uri()


def test_the_keyboard_goes_back_and_to_both_ends(deck: Path, open_page: OpenPage) -> None:
    page = open_page((deck / "talk.html").as_uri())
    page.keyboard.press("End")
    assert page.evaluate("Reveal.isLastSlide()")
    page.keyboard.press("ArrowLeft")
    assert not page.evaluate("Reveal.isLastSlide()")
    page.keyboard.press("Home")
    assert page.evaluate("Reveal.isFirstSlide()")
    page.keyboard.press("Space")
    assert page.evaluate("Reveal.getCurrentSlide().id") == "why"


def presenter_of(page: Page) -> Page:
    """The presenter's window, opened as a presenter opens it."""
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    return opened.value


def follow(page: Page, presenter: Page, seconds: float = 300) -> None:
    """Go through the first slides and see the notes of each in the presenter's window."""
    for _, _name in zip(range(9), steps(page), strict=False):
        notes = page.evaluate(
            "(Reveal.getCurrentSlide().querySelector('aside.notes')?.textContent ?? '').trim()"
        )
        assert "Be here by" in notes, f"notes: {notes!r}"
        presenter.wait_for_function(
            "own => document.querySelector('.speaker-controls-notes .value').textContent.trim() === own",
            arg=notes,
            timeout=seconds * 1000,
        )


def test_notes_that_are_missing_or_out_of_step_are_noticed(deck: Path, open_page: OpenPage) -> None:
    page = open_page((deck / "talk.html").as_uri())
    presenter = presenter_of(page)
    follow(page, presenter)
    shown = "document.querySelector('.speaker-controls-notes .value')"
    presenter.evaluate(
        f"Object.defineProperty({shown}, 'innerHTML', {{set() {{}}}})"
    )  # they stay as they are
    page.keyboard.press("Home")
    with pytest.raises(TimeoutError):
        follow(page, presenter, seconds=2)
    page.evaluate("document.querySelectorAll('aside.notes').forEach(notes => notes.remove())")
    with pytest.raises(AssertionError, match="notes: ''"):
        follow(page, presenter)


@pytest.mark.parametrize("way", ["file, one page", "file, index", "server"])
def test_the_presenter_window_shows_notes_and_stays_in_step(
    deck: Path, open_page: OpenPage, served: tuple[str, server.LiveDeck], way: str
) -> None:
    address = {
        "file, one page": (deck / "talk.html").as_uri(),
        "file, index": (deck / "index.html").as_uri(),
        "server": served[0],
    }[way]
    page = open_page(address)
    presenter = presenter_of(page)
    follow(page, presenter)
    # the presenter's own keys move the audience's window
    presenter.keyboard.press("Home")
    page.wait_for_function("Reveal.isFirstSlide()")
    # pacing against the planned minutes, clock and next slide are there
    assert presenter.locator(".speaker-controls-time .pacing .minutes-value").is_visible()
    assert presenter.locator("#upcoming-slide iframe").is_visible()
    assert presenter.locator(".speaker-controls-time .clock-value").inner_text().strip()


def test_the_planned_minutes_are_the_deck_s(deck: Path, open_page: OpenPage) -> None:
    page = open_page((deck / "index.html").as_uri())
    assert page.evaluate("Reveal.getConfig().totalTime") == 30 * 60
    timings = "Reveal.getSlides().reduce((sum, slide) => sum + Number(slide.dataset.timing), 0)"
    assert 0.9 * 30 * 60 <= page.evaluate(timings) <= 30 * 60


def test_a_save_rebuilds_and_keeps_the_slide(deck: Path, tmp_path: Path, open_page: OpenPage) -> None:
    folder = tmp_path / "deck"
    shutil.copytree(deck, folder)
    source = tmp_path / "talk.md"
    source.write_text("first", "utf-8")

    def build() -> None:
        if source.read_text("utf-8") == "broken":
            raise DeckError('slide "One": a sentence')
        index = folder / "index.html"
        index.write_text(index.read_text("utf-8").replace("One morning", source.read_text("utf-8")), "utf-8")

    live = server.LiveDeck(folder, [source], build)
    httpd = server.server(live)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        page = open_page(f"http://127.0.0.1:{httpd.server_address[1]}/")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("location.hash === '#/why' && built !== null")
        assert not live.look(), "nothing was saved, nothing is built"
        source.write_text("Some evening", "utf-8")
        assert live.look()
        page.wait_for_function(
            "window.Reveal && document.querySelector('#why h1')?.innerText.includes('Some evening')"
        )
        page.wait_for_function(f"{READY} && Reveal.getCurrentSlide().id === 'why'")
        source.write_text("broken", "utf-8")
        assert live.look()
        page.wait_for_function("document.getElementById('problem').textContent.includes('a sentence')")
        assert "Some evening" in page.locator("#why h1").inner_text(), "the last good deck stays"
    finally:
        httpd.shutdown()
        httpd.server_close()


def test_the_pdf_has_a_page_for_each_slide_and_its_text(
    deck: Path, tmp_path: Path, chromium: Browser
) -> None:
    plain, with_notes = deck_browser.print_deck(chromium, deck / "talk.html", tmp_path)
    text = (deck / "index.html").read_text("utf-8")
    for path, height in ((plain, 540), (with_notes, 960)):
        pages = PdfReader(path).pages
        assert len(pages) == text.count("<section")
        assert [round(float(side)) for side in pages[0].mediabox[2:]] == [960, height]
    words = [" ".join(page.extract_text().split()) for page in PdfReader(plain).pages]
    assert "One morning, every pipeline is gone" in words[1]
    assert "Metadata database" in words[6], "the drawings' text can be selected, too"
    assert "Be here by" not in words[1]
    words_with_notes = [" ".join(page.extract_text().split()) for page in PdfReader(with_notes).pages]
    assert all("Be here by" in page for page in words_with_notes)


def test_a_slide_can_be_had_as_a_picture(deck: Path, tmp_path: Path, chromium: Browser) -> None:
    path = deck_browser.picture(chromium, deck / "talk.html", "shards", tmp_path / "shards.png")
    with Image.open(path) as image:
        assert image.size == (1280, 720)
        assert len(image.convert("RGB").getcolors(1 << 20) or []) > 100
    with pytest.raises(DeckError, match="no slide #none"):
        deck_browser.picture(chromium, deck / "talk.html", "none", tmp_path / "none.png")


def test_fitted_text_is_as_wide_as_its_slide(build_text: Build, open_page: OpenPage) -> None:
    text = (
        "# A message {#one m30=1}\n\n::: r-fit-text\nas wide as the slide\n:::\n\n::: notes\nSay it.\n:::\n"
    )
    index, _ = build_text(text)
    page = open_page(index.as_uri())
    width = page.evaluate("document.querySelector('.r-fit-text').getBoundingClientRect().width")
    assert 1100 <= width <= 1280 - 2 * 64
    assert faults(page) == []


def test_a_slide_with_a_dark_background_has_light_words(build_text: Build, open_page: OpenPage) -> None:
    braces = '#one m30=1 background-color="#10202E" background-image="images/background_section.svg"'
    index, _ = build_text(f"# A message {{{braces}}}\n\nWords.\n\n::: notes\nSay it.\n:::\n")
    assert faults(open_page(index.as_uri())) == []
