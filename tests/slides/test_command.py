"""What `python slides/build.py` does for a presenter: print, serve, and say what is wrong."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from .conftest import FAKE_RESULTS, READY, SLIDES, OpenPage

TALK = """
# First {#first m30=1 m10=1}

The figure is {{measured.json5_over_json}}.

::: notes
Begin.
:::

# Second {#second m30=1}

::: columns
::: column
left
:::

::: column
right
:::
:::

::: notes
Go on.
:::

# Third {#third m30=1 m10=1}

The end.

::: notes
Thank them.
:::
"""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.md"
    path.write_text(TALK, "utf-8")
    return path


def command(talk: Path, *options: str) -> list[str]:
    places = ["--talk", str(talk), "--results", str(FAKE_RESULTS), "--out", str(talk.parent / "out")]
    return [sys.executable, str(SLIDES / "build.py"), *places, *options]


def test_it_builds_the_two_pages_and_names_them(talk: Path) -> None:
    result = subprocess.run(command(talk), capture_output=True, text=True, check=True)
    assert [Path(line).name for line in result.stdout.splitlines()] == ["index.html", "talk.html"]
    assert "740" in (talk.parent / "out" / "talk.html").read_text("utf-8")


def test_a_deck_that_cannot_be_built_is_one_sentence_and_two(talk: Path) -> None:
    talk.write_text(TALK.replace("json5_over_json", "no_such"), "utf-8")
    result = subprocess.run(command(talk), capture_output=True, text=True, check=False)
    assert result.returncode == 2 and result.stdout == ""
    assert (
        result.stderr.count("\n") == 1 and 'slide "First"' in result.stderr and "make bench" in result.stderr
    )


@pytest.mark.browser
def test_it_prints_with_and_without_notes(talk: Path, chromium: Browser) -> None:
    subprocess.run(command(talk, "--pdf", "--minutes", "10"), check=True, capture_output=True)
    plain, with_notes = (
        [" ".join(page.extract_text().split()) for page in PdfReader(talk.parent / "out" / name).pages]
        for name in ("talk.pdf", "talk-with-notes.pdf")
    )
    assert len(plain) == len(with_notes) == 2, "a page for each slide of the cut"
    assert "The figure is 740." in plain[0] and "Begin." not in plain[0]
    assert "The figure is 740." in with_notes[0] and "Begin." in with_notes[0]
    assert "The end." in plain[1] and "Thank them." in with_notes[1]


@pytest.mark.browser
def test_it_writes_a_slide_as_a_picture(talk: Path, chromium: Browser) -> None:
    result = subprocess.run(command(talk, "--picture", "third"), capture_output=True, text=True, check=True)
    assert (talk.parent / "out" / "third.png").read_bytes().startswith(b"\x89PNG")
    assert result.stdout.splitlines()[-1].endswith("third.png")
    refused = subprocess.run(command(talk, "--picture", "none"), capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "no slide #none" in refused.stderr


@pytest.fixture
def serving(talk: Path) -> Iterator[subprocess.Popen[str]]:
    """The command, serving; Ctrl-C works in it even where this test's own shell ignores it."""
    process = subprocess.Popen(
        command(talk, "--serve"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.browser
def test_it_serves_builds_again_on_save_keeps_the_slide_and_ends_at_ctrl_c(
    talk: Path, serving: subprocess.Popen[str], open_page: OpenPage
) -> None:
    assert serving.stdout and serving.stderr
    address = None
    while not address:
        line = serving.stdout.readline()
        assert line, serving.stderr.read()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
    page = open_page(address[0])
    page.keyboard.press("ArrowRight")
    page.wait_for_function("location.hash === '#/second' && built !== null")

    talk.write_text(TALK.replace("left", "left, and saved"), "utf-8")
    page.wait_for_function("document.querySelector('#second')?.innerText.includes('left, and saved')")
    page.wait_for_function(f"{READY} && Reveal.getCurrentSlide().id === 'second'")

    talk.write_text(TALK.replace("json5_over_json", "no_such"), "utf-8")
    page.wait_for_function("document.getElementById('problem').textContent.includes('no_such')")
    assert "left, and saved" in page.locator("#second").inner_text(), "the last good deck stays"

    talk.write_text(TALK.replace("left", "left, and mended"), "utf-8")
    page.wait_for_function("document.querySelector('#second')?.innerText.includes('left, and mended')")

    serving.send_signal(signal.SIGINT)
    assert serving.wait(timeout=600) == 0
    assert serving.stderr.read() == ""
