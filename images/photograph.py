"""Take the README's pictures: `python images/photograph.py` writes a notebook, a chart and a slide as PNG.

The chart is drawn from slides/results.json; the notebook and the slide are what a browser shows of them.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin
from playwright.sync_api import Browser

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SLIDES = ROOT / "slides"
RESULTS = SLIDES / "results.json"
sys.path.insert(0, str(SLIDES))  # as for slides/build.py

from deck import browser as deck_browser  # noqa: E402
from deck.pictures import measured_chart  # noqa: E402
from deck.source import DeckError  # noqa: E402

NOTEBOOK, SECTION = "03_too_big", "Turn the dial"
"""What the picture of a notebook shows: the section's first chart, and the cell before it."""
SLIDE = "shards"
COLOURS = 96
"""Enough for flat colours and the edges of letters; a picture stays far below 200 kB."""

OPENED = "Boolean(window.jupyterapp?.shell.currentWidget?.content?.model?.cells)"
ALONE = "() => window.jupyterapp.commands.execute('application:toggle-left-area')"
SCROLL = """section => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const cells = notebook.model.toJSON().cells;
    const start = cells.findIndex(cell => String(cell.source).startsWith('## ' + section));
    const chart = cells.findIndex((cell, index) => index > start
        && (cell.outputs || []).some(output => output.data && output.data['image/png']));
    notebook.activeCellIndex = chart - 1;
    return notebook.scrollToItem(chart - 1, 'start').then(() => chart);
}"""


def main() -> int:
    """Write the three pictures; 2 when one cannot be taken."""
    try:
        write(HERE / "readme_story.png", story(), story_sentence())
        write(HERE / "readme_slide.png", slide(), f"The slide #{SLIDE} of the talk.")
        write(HERE / "readme_notebook.png", notebook(), f"The notebook {NOTEBOOK}, section {SECTION}.")
    except DeckError as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def write(path: Path, png: bytes, description: str) -> None:
    """Keep a picture small, and write into it what it shows."""
    about = PngImagePlugin.PngInfo()
    about.add_text("Description", description)
    small = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, kmeans=1, dither=Image.Dither.NONE)
    small.save(path, pnginfo=about, optimize=True)
    print(f"images/{path.name} written, {path.stat().st_size / 1000:.0f} kB")


def story() -> bytes:
    """The chart of the whole story, as the notebooks draw theirs: factories, one file per DAG, guarded shards."""
    return measured_chart(_story()).png()


def story_sentence() -> str:
    """What that chart says, with its measured values."""
    return re.sub("[«»]", "", str(_story()["data"]["sentence"]))


def _story() -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))["charts"]["cycle"]
    return entry


def slide() -> bytes:
    """One slide of the talk."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(SLIDES / "build.py"), "--picture", SLIDE, "--out", folder]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise DeckError(result.stderr.strip())
        return Path(folder, f"{SLIDE}.png").read_bytes()


def notebook() -> bytes:
    """A part of a notebook in JupyterLab, with the outputs that are committed."""
    with (
        deck_browser.chromium() as browser,
        tempfile.TemporaryDirectory() as folder,
        jupyterlab(Path(folder)) as address,
    ):
        return _photograph(browser, address)


def _photograph(browser: Browser, address: str) -> bytes:
    page = browser.new_page(viewport={"width": 1200, "height": 980}, reduced_motion="reduce")
    page.goto(address)
    page.wait_for_function(OPENED)
    page.evaluate("() => window.jupyterapp.restored")
    page.evaluate(ALONE)
    page.locator(".jp-NotebookPanel .jp-RenderedMarkdown h1").first.wait_for()
    chart = page.evaluate(SCROLL, SECTION)
    picture = page.locator(f".jp-Notebook [data-windowed-list-index='{chart}'] img")
    picture.wait_for()
    page.wait_for_function("image => image.complete", arg=picture.element_handle())
    cell = page.locator(f".jp-Notebook [data-windowed-list-index='{chart - 1}']")
    cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    page.wait_for_function("cell => cell.getBoundingClientRect().top < 130", arg=cell.element_handle())
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").first.wait_for(state="attached")
    return page.screenshot(animations="disabled")


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """A JupyterLab on a copy of the notebook, because it saves what it shows; its address, with its token."""
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / f"{NOTEBOOK}.ipynb", folder / "notebooks")
    options = ["--no-browser", "--LabApp.expose_app_in_browser=True"]
    options += [f"--LabApp.default_url=/lab/tree/notebooks/{NOTEBOOK}.ipynb"]
    folders = f"Path({str(folder)!r}), Path({str(folder / 'home')!r})"
    program = f"from pathlib import Path; from workbook.tools import lab; lab.run({options!r}, {folders})"
    with (
        (folder / "lab.log").open("w") as log,
        subprocess.Popen([sys.executable, "-c", program], stdout=log, stderr=subprocess.STDOUT) as server,
    ):
        try:
            yield _address(lambda: (folder / "lab.log").read_text(), server)
        finally:
            server.send_signal(signal.SIGINT)


def _address(log: Callable[[], str], server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        if address := re.search(r"http://127\.0\.0\.1:\d+/lab/\S+token=\S+", log()):
            return address.group()
        try:
            server.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        break
    raise DeckError(f"JupyterLab did not start, so no notebook can be shown:\n{log()}")


if __name__ == "__main__":
    sys.exit(main())
