"""Chromium for the slides: printing them, with and without the speaker's notes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from deck.source import DeckError

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

PRINT_NOTES = """
() => {
  const pages = [...document.querySelectorAll('.pdf-page')];
  for (const page of pages) {
    const notes = page.querySelector('aside.notes');
    const printed = document.createElement('div');
    printed.className = 'printed-notes';
    printed.innerHTML = notes ? notes.innerHTML : '';
    page.style.height = '1280px';
    page.appendChild(printed);
  }
  const size = document.createElement('style');
  size.textContent = '@page { size: 1280px 1280px; margin: 0 }';
  document.head.appendChild(size);
  return pages.length;
}
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window, closed afterwards.

    Raises:
        DeckError: when no Chromium or Chrome is installed.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None) or (MAC if Path(MAC).exists() else None)
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=flags)
        except Error:
            raise DeckError("no Chromium or Chrome is installed; one is needed to print the slides") from None
        try:
            yield browser
        finally:
            browser.close()


def print_deck(browser: Browser, page_file: Path, out: Path) -> list[Path]:
    """Write talk.pdf, one slide on a page, and talk-with-notes.pdf, each slide with its notes below."""
    plain, with_notes = out / "talk.pdf", out / "talk-with-notes.pdf"
    page = _printed(browser, page_file)
    page.pdf(path=plain, width="1280px", height="720px", print_background=True)
    page = _printed(browser, page_file)
    page.evaluate(PRINT_NOTES)
    page.pdf(path=with_notes, width="1280px", height="1280px", print_background=True)
    return [plain, with_notes]


def picture(browser: Browser, page_file: Path, slide: str, out: Path) -> Path:
    """Write one slide, with all its steps shown, as it looks on a screen of 1280 × 720.

    Raises:
        DeckError: when the deck has no slide of that name.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page.goto(f"{page_file.resolve().as_uri()}#/{slide}")
    page.wait_for_function("window.Reveal && Reveal.isReady() && document.fonts.status === 'loaded'")
    if page.evaluate("Reveal.getCurrentSlide().id") != slide:
        raise DeckError(f"the deck has no slide #{slide}; its names are in the braces of talk.md's headings")
    page.evaluate("Reveal.navigateFragment(99)")
    page.screenshot(path=out, animations="disabled")
    return out


def _printed(browser: Browser, page_file: Path) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{page_file.resolve().as_uri()}?view=print")
    page.wait_for_function(
        "document.querySelectorAll('.pdf-page').length && document.fonts.status == 'loaded'"
    )
    return page
