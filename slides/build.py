"""Build the slides: `python slides/build.py` writes slides/build/index.html and the self-contained talk.html.

Needs slides/results.json, which `make bench` writes; see slides/deck/results.py for what is in it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from deck.page import IMAGES, ROOT, THEME, build
from deck.results import load
from deck.server import LiveDeck, serve
from deck.source import CUTS, DeckError, cut, read

SLIDES = ROOT / "slides"


def arguments(words: list[str] | None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description="Build the slides from slides/talk.md.")
    parser.add_argument("--minutes", type=int, choices=CUTS, default=CUTS[0], help="which cut of the talk")
    parser.add_argument(
        "--serve", action="store_true", help="serve on loopback and build again on every save"
    )
    parser.add_argument("--pdf", action="store_true", help="print as well: talk.pdf and talk-with-notes.pdf")
    parser.add_argument(
        "--picture", metavar="SLIDE", help="write one slide as SLIDE.png as well, for the README"
    )
    parser.add_argument("--talk", type=Path, default=SLIDES / "talk.md", help="the slides")
    parser.add_argument("--results", type=Path, default=SLIDES / "results.json", help="the measured figures")
    parser.add_argument("--out", type=Path, default=SLIDES / "build", help="folder to write into")
    return parser.parse_args(words)


def make(options: argparse.Namespace) -> list[Path]:
    """Build once, as the options say.

    Raises:
        DeckError: naming the slide that cannot be built.
    """
    slides = cut(read(options.talk), options.minutes)
    results = load(options.results, SLIDES / "published.json")
    live = ROOT / "notebooks" / "src"
    files = build(slides, results, options.out, minutes=options.minutes, live=live)
    if options.pdf or options.picture:
        from deck.browser import chromium, picture, print_deck  # here: building needs no browser

        talk = options.out / "talk.html"
        with chromium() as browser:
            if options.pdf:
                files += print_deck(browser, talk, options.out)
            if options.picture:
                files.append(picture(browser, talk, options.picture, options.out / f"{options.picture}.png"))
    return files


def main(words: list[str] | None = None) -> int:
    """Build or serve; 0 when the deck stands, 2 when it cannot be built."""
    options = arguments(words)
    try:
        files = make(options)
    except DeckError as problem:
        print(problem, file=sys.stderr)
        return 2
    for path in files:
        print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    if options.serve:
        sources = [options.talk, options.results, THEME, IMAGES, SLIDES / "published.json"]
        sources += [ROOT / "dags", ROOT / "notebooks" / "src"]
        serve(LiveDeck(options.out, sources, lambda: make(options)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
