"""The pictures are what images/draw.py draws, can be read from afar, and say in words what they show."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

IMAGES = Path(__file__).resolve().parents[2] / "images"
SMALLEST_TEXT = 24


def draw_module(folder: Path = IMAGES) -> ModuleType:
    """images/draw.py, which is a script and in no package."""
    spec = importlib.util.spec_from_file_location("draw", folder / "draw.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["draw"] = module
    spec.loader.exec_module(module)
    return module


def test_every_picture_is_what_the_script_draws() -> None:
    assert draw_module().main(["--check"]) == 0


def test_the_check_sees_a_picture_that_was_edited_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "draw.py").write_bytes((IMAGES / "draw.py").read_bytes())
    draw = draw_module(tmp_path)
    assert draw.main([]) == 0
    assert draw.main(["--check"]) == 0
    (tmp_path / "slots.svg").write_text("<svg/>")
    assert draw.main(["--check"]) == 1
    assert "images/slots.svg" in capsys.readouterr().out


@pytest.mark.parametrize("picture", sorted(IMAGES.glob("*.svg")), ids=lambda path: path.stem)
def test_text_is_large_and_the_picture_has_words(picture: Path) -> None:
    root = ElementTree.fromstring(picture.read_text("utf-8"))
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', picture.read_text("utf-8"))]
    assert min(sizes, default=SMALLEST_TEXT) >= SMALLEST_TEXT
    texts = json.loads((IMAGES / "alternative_texts.json").read_text("utf-8"))
    title = root.find("{http://www.w3.org/2000/svg}title")
    if picture.stem.startswith("background_"):
        assert title is None and picture.stem not in texts
    else:
        assert title is not None and title.text == texts[picture.stem] and len(texts[picture.stem]) > 80


README_PICTURES = sorted(IMAGES.glob("readme_*.png"))
PHOTOGRAPH = (IMAGES / "photograph.py").read_text("utf-8")


def test_the_readme_shows_a_notebook_a_chart_and_a_slide_and_says_what_they_show() -> None:
    readme = (IMAGES.parent / "README.md").read_text("utf-8")
    shown = dict(re.findall(r"!\[([^\]]*)\]\(images/(readme_\w+\.png)\)", readme))
    assert sorted(shown.values()) == [path.name for path in README_PICTURES]
    assert len(README_PICTURES) == 3 and all(f'"{path.name}"' in PHOTOGRAPH for path in README_PICTURES)
    assert all(len(words) > 80 for words in shown)


@pytest.mark.parametrize("picture", README_PICTURES, ids=lambda path: path.stem)
def test_the_readme_s_pictures_are_small_files_and_wide_enough_to_be_read(picture: Path) -> None:
    with Image.open(picture) as image:
        assert image.width >= 1200
    assert picture.stat().st_size < 200_000


def test_the_chart_in_the_readme_shows_the_current_results() -> None:
    chart = json.loads((IMAGES.parent / "slides" / "results.json").read_text("utf-8"))["charts"]["cycle"]
    with Image.open(IMAGES / "readme_story.png") as image:
        description = image.info["Description"]
    assert description == re.sub("[«»]", "", chart["data"]["sentence"]), "run: make pictures"
    service, file_per_dag, catalog, shards = (seconds for _, seconds in chart["data"]["values"])
    assert max(catalog, shards) < service < file_per_dag, "the picture's words in the README say so"
