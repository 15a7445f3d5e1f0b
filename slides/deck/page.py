"""From slides to the two pages: index.html with its files next to it, and talk.html with everything inside."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from html import escape
from importlib.util import find_spec
from pathlib import Path

from deck import code, pictures
from deck.results import Results
from deck.source import BUILDER_ATTRIBUTES, DeckError, Slide

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "images"
THEME = ROOT / "slides" / "theme"

CODE_OR_PICTURE = re.compile(
    r"^(?P<fence>`{3,}) *(?:\{(?P<attributes>[^}]*)\}|(?P<language>\w*)) *\n(?P<content>.*?)^(?P=fence) *$"
    r"|!\[(?P<words>[^\]]*)\]\((?P<target>[^)\s]+)\)",
    re.MULTILINE | re.DOTALL,
)
"""A block of code, or a picture."""
KEY = re.compile(r'([\w-]+)=(?:"([^"]*)"|([^\s"]+))')

REVEAL = "sphinx_revealjs/_static/revealjs"
FONTS = {
    "league-gothic": f"{REVEAL}/dist/theme/fonts/league-gothic/league-gothic.ttf",
    "source-sans-regular": f"{REVEAL}/dist/theme/fonts/source-sans-pro/source-sans-pro-regular.ttf",
    "source-sans-italic": f"{REVEAL}/dist/theme/fonts/source-sans-pro/source-sans-pro-italic.ttf",
    "source-sans-semibold": f"{REVEAL}/dist/theme/fonts/source-sans-pro/source-sans-pro-semibold.ttf",
    "dejavu-sans-mono": "matplotlib/mpl-data/fonts/ttf/DejaVuSansMono.ttf",
    "dejavu-sans-mono-bold": "matplotlib/mpl-data/fonts/ttf/DejaVuSansMono-Bold.ttf",
}
"""From installed packages; no font is committed, and none is fetched."""


def build(slides: list[Slide], results: Results, out: Path, *, minutes: int, live: Path) -> list[Path]:
    """Write both pages.

    Args:
        slides: one cut of the talk, as `deck.source.cut` returns it.
        results: the figures.
        out: folder to write into; it is emptied first.
        minutes: planned length of the talk, for the pacing in the presenter window.
        live: the folder with the notebooks' sources, which the slides' ``live`` attributes name.

    Raises:
        DeckError: naming the slide, before anything is written.
    """
    markdown = "\n\n".join(_markdown(slide, results, live) for slide in slides)
    body = _pandoc(markdown)
    assets = _assets(body)
    shutil.rmtree(out, ignore_errors=True)
    for name, content in assets.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    index, talk = out / "index.html", out / "talk.html"
    index.write_text(_html(body, minutes), "utf-8")
    talk.write_text(_embedded(_html(body, minutes), assets), "utf-8")
    return [index, talk]


def _markdown(slide: Slide, results: Results, live: Path) -> str:
    """One slide for pandoc: figures, code and pictures filled in."""
    results.check(slide)
    heading, notes = results.fill(slide.heading, slide), results.fill(slide.notes, slide)
    pieces, position = [], 0
    for match in CODE_OR_PICTURE.finditer(slide.body):
        pieces.append(results.fill(slide.body[position : match.start()], slide))
        html = _picture(match, slide, results) if match["target"] else _code(match, slide, results)
        pieces.append(f"\n```{{=html}}\n{html}\n```\n")
        position = match.end()
    pieces.append(results.fill(slide.body[position:], slide))
    body = "".join(pieces)
    return f"{_heading(slide, heading)}\n\n{body}\n\n::: notes\n{_prompts(slide, live)}\n\n{notes}\n:::\n"


def _code(match: re.Match[str], slide: Slide, results: Results) -> str:
    attributes = {name: quoted or bare for name, quoted, bare in KEY.findall(match["attributes"] or "")}
    if "file" in attributes:
        return code.listing(ROOT, attributes, slide)
    if match["language"] != "text":
        raise slide.error('has code that comes from no file; write ```{file="dags/…" symbol="…"}, or ```text')
    content = escape(results.fill(match["content"], slide).rstrip("\n"), quote=False)
    return f'<figure class="listing plain"><pre><code>{content}</code></pre></figure>'


def _picture(match: re.Match[str], slide: Slide, results: Results) -> str:
    kind, _, name = match["target"].replace("images/", "drawing:").partition(":")
    if kind == "chart":
        return pictures.chart(results, name, results.fill(match["words"], slide), slide)
    return pictures.drawing(IMAGES, name, slide)


def _heading(slide: Slide, words: str) -> str:
    classes = "".join(f" .{name}" for name in slide.classes)
    attributes = f" data-timing={max(1, round(slide.minutes * 60))}"
    for layout, picture, position in (("title", "title", "center"), ("part", "section", "right center")):
        if layout in slide.classes:
            attributes += (
                f' data-background-image="background_{picture}.svg" data-background-position="{position}"'
            )
            attributes += ' data-background-color="#10202E"'
    for key, value in slide.attributes.items():
        if key == "background-image":
            value = _background(value, slide)
        if key not in BUILDER_ATTRIBUTES:
            attributes += f' {"" if key.startswith("data-") else "data-"}{key}="{value}"'
    return f"# {words} {{#{slide.identifier}{classes}{attributes}}}"


def _background(value: str, slide: Slide) -> str:
    """Name of a picture of ours behind a slide, as it stands next to index.html."""
    name = value.removeprefix("images/")
    if not (IMAGES / name).is_file():
        raise slide.error(f"has the background {value}, but images/{name} does not exist")
    return name


def _prompts(slide: Slide, live: Path) -> str:
    """The first lines of the notes: when to be here, and where this can be shown live."""
    clock = f"{int(slide.begins)}:{round(slide.begins % 1 * 60):02d}"
    lines = [f"**Be here by {clock}.**"]
    if "live" in slide.attributes:
        notebook, _, section = slide.attributes["live"].partition("#")
        _check_live(notebook, section, slide, live)
        where = f"notebook {notebook}" + (f", section “{section}”" if section else "")
        lines.append(f"Live: {where}.")
    return " ".join(lines)


def _check_live(notebook: str, section: str, slide: Slide, live: Path) -> None:
    source = live / f"{notebook}.py"
    if not source.is_file():
        raise slide.error(f'says live="{notebook}", but {live.name}/{notebook}.py does not exist')
    headings = re.findall(r"^# #+ +(.*)$", source.read_text("utf-8"), re.MULTILINE)
    if section and section not in headings:
        raise slide.error(f'says live="{notebook}#{section}", but that notebook has no such section')


def _pandoc(markdown: str) -> str:
    """The slides as HTML sections."""
    result = subprocess.run(
        [
            pandoc(),
            "--from=markdown-implicit_figures",
            "--to=revealjs",
            "--slide-level=1",
            "--wrap=preserve",
            "--columns=200",
        ],
        input=markdown,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if result.returncode:
        raise DeckError(f"pandoc refused the deck: {result.stderr.strip()}")
    return result.stdout


def pandoc() -> str:
    """The pandoc of pypandoc-binary, which is pinned; one on PATH where that one cannot run."""
    for candidate in (package_file("pypandoc/files/pandoc"), shutil.which("pandoc")):
        if candidate and os.access(candidate, os.X_OK):
            works = subprocess.run([candidate, "--version"], capture_output=True, check=False)
            if works.returncode == 0:
                return str(candidate)
    raise DeckError("no pandoc runs here; install the locked environment (make lab), or: brew install pandoc")


def package_file(name: str) -> Path:
    """A file of an installed package.

    Raises:
        DeckError: when the package is not installed.
    """
    package, _, rest = name.partition("/")
    spec = find_spec(package)
    if not spec or not spec.submodule_search_locations:
        raise DeckError(f"the package {package} is not installed; install the locked environment: make lab")
    return Path(spec.submodule_search_locations[0]) / rest


def _html(body: str, minutes: int) -> str:
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    words = {
        "title": re.sub("<[^>]+>", "", title[1]) if title else "Slides",
        "slides": body.strip(),
        "settings": json.dumps({"totalTime": minutes * 60}),
    }
    template = (THEME / "template.html").read_text("utf-8")
    return re.sub(r"\$(\w+)\$", lambda match: words[match[1]], template)


def _assets(body: str) -> dict[str, bytes]:
    """Every file that index.html needs, by its address."""
    files = {
        "reveal/reset.css": package_file(f"{REVEAL}/dist/reset.css").read_bytes(),
        "reveal/reveal.css": package_file(f"{REVEAL}/dist/reveal.css").read_bytes(),
        "reveal/reveal.js": _without_map(package_file(f"{REVEAL}/dist/reveal.js")),
        "reveal/notes.js": _without_map(package_file(f"{REVEAL}/plugin/notes/notes.js")),
        "theme.css": (THEME / "theme.css").read_bytes(),
        "deck.js": (THEME / "deck.js").read_bytes(),
    }
    text = re.sub("<[^>]+>", "", body)
    fonts = {f"fonts/{name}.woff": _subset(package_file(path), text) for name, path in FONTS.items()}
    backgrounds = {
        name: (IMAGES / name).read_bytes() for name in re.findall(r'data-background-image="([^"]+)"', body)
    }
    return {**files, **fonts, **backgrounds}


def _without_map(path: Path) -> bytes:
    """A script without its reference to a source map, which is not there."""
    return re.sub(rb"//# sourceMappingURL=.*", b"", path.read_bytes())


def _subset(font: Path, text: str) -> bytes:
    """A font with the letters that occidental text and this deck need, the same bytes at every build."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    loaded = TTFont(font, recalcTimestamp=False)
    options = subset.Options(flavor="woff", layout_features=["kern", "liga"], notdef_outline=True)
    options.drop_tables += ["FFTM", "webf"]  # an editor's notes to itself
    worker = subset.Subsetter(options)
    worker.populate(unicodes=[*range(0x20, 0x180), *range(0x2010, 0x2030), *map(ord, set(text))])
    worker.subset(loaded)
    loaded.flavor = "woff"
    file = io.BytesIO()
    loaded.save(file)
    return file.getvalue()


def _embedded(page: str, assets: dict[str, bytes]) -> str:
    """The page with its style sheets, scripts, fonts and backgrounds inside."""

    def style(match: re.Match[str]) -> str:
        sheet = assets[match[1]].decode("utf-8")
        return "<style>\n" + _with_data(sheet, assets, r"url\(([\w./-]+)\)", "url({})") + "</style>"

    def script(match: re.Match[str]) -> str:
        text = assets[match[1]].decode("utf-8").replace("</script", "<\\/script")
        return f"<script>\n{text}\n</script>"

    page = re.sub(r'<link rel="stylesheet" href="([^"]+)">', style, page)
    page = re.sub(r'<script src="([^"]+)"></script>', script, page)
    return _with_data(page, assets, r'data-background-image="([^"]+)"', 'data-background-image="{}"')


def _with_data(text: str, assets: dict[str, bytes], pattern: str, replacement: str) -> str:
    kinds = {".svg": "image/svg+xml", ".woff": "font/woff"}

    def data(match: re.Match[str]) -> str:
        content = base64.b64encode(assets[match[1]]).decode("ascii")
        return replacement.format(f"data:{kinds[Path(match[1]).suffix]};base64,{content}")

    return re.sub(pattern, data, text)


def letters_without_a_font(texts: Iterable[str]) -> set[str]:
    """Letters in the deck that its text font lacks; they would be shown in whatever font the machine has."""
    from fontTools.ttLib import TTFont

    glyphs = TTFont(package_file(FONTS["source-sans-regular"])).getBestCmap()
    return {letter for text in texts for letter in text if not letter.isspace() and ord(letter) not in glyphs}
