"""What the slides state is borne out, and the same sources give the same bytes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from deck import page, results, source

from .conftest import FAKE_RESULTS, ROOT, SLIDES, Build

NOTES = "\n\n::: notes\nSay it.\n:::\n"


def slide(body: str = "Some words.", *, braces: str = "#one m30=1", heading: str = "A message") -> str:
    return f"# {heading} {{{braces}}}\n\n{body}{NOTES}"


FAULTS = {
    "a missing result": (slide("{{measured.no_such}}"), 'needs the result "no_such"'),
    "a missing setting": (slide("{{airflow.core.no_such}}"), "[core] no_such"),
    "a missing published figure": (slide("{{talk.no_such}}"), 'quotes "no_such" from the talk'),
    "an unknown placeholder": (slide("{{guess.no_such}}"), "{{guess.no_such}} is unknown"),
    "a number typed by hand": (slide("It takes 12 s."), 'states the number "12"'),
    "a number typed in the heading": (slide(heading="Nine times, or 9.5"), 'states the number "9.5"'),
    "a number typed in the notes": (slide().replace("Say it.", "Say 42."), 'states the number "42"'),
    "a measure in words": (slide("It is nine times as fast."), 'says "nine times" and no result'),
    "a measure in words in the heading": (slide(heading="It takes half the time"), 'says "half the"'),
    "a measure in words in the notes": (slide().replace("Say it.", "Twice as fast."), 'says "Twice"'),
    "a number typed in plain text": (slide("```text\n200 calls\n```"), 'states the number "200"'),
    "a missing file": (slide('```{file="dags/no_such.py"}\n```'), "dags/no_such.py, which does not exist"),
    "a missing symbol": (
        slide('```{file="dags/pipelines/blueprint.py" symbol="no_such"}\n```'),
        'the symbol "no_such"',
    ),
    "a missing region": (
        slide('```{file="dags/pipelines/blueprint.py" region="no such"}\n```'),
        'the region "no such"',
    ),
    "a marked text that is gone": (
        slide('```{file="dags/dynamic/from_json.py" without=docstrings mark="no_such"}\n```'),
        'emphasises "no_such"',
    ),
    "a line that is gone": (
        slide('```{file="dags/dynamic/from_json.py" only="import Path|no_such"}\n```'),
        'the line with "no_such"',
    ),
    "lines in another order": (
        slide('```{file="dags/dynamic/from_json.py" only="for config|import Path"}\n```'),
        "not in this order",
    ),
    "code that does not fit": (slide('```{file="dags/pipelines/config.py"}\n```'), "can be read"),
    "code from no file": (slide("```python\nprint()\n```"), "code that comes from no file"),
    "a missing picture": (slide("![](images/no_such.svg)"), "images/no_such.svg, which does not exist"),
    "a picture without words": (slide("![](images/background_title.svg)"), "has no text in"),
    "a missing chart": (slide("![](chart:no_such)"), 'shows the chart "no_such"'),
    "a slide without notes": ("# A message {#one m30=1}\n\nWords.\n", "has no speaker notes"),
    "a slide without a name": (slide(braces="m30=1"), "has no name"),
    "a slide without a message": (slide(heading=""), "has no words in its heading"),
    "two slides of one name": (slide() + slide(heading="Another"), "is named #one"),
    "an attribute that cannot be read": (slide(braces="#one m30=1 what?"), "neither #name"),
    "an unknown attribute": (slide(braces="#one m03=1"), '"m03" in the heading\'s braces is unknown'),
    "a background that is not there": (
        slide(braces="#one m30=1 background-image=images/none.svg"),
        "images/none.svg does not exist",
    ),
    "a time that is no number": (slide(braces="#one m30=long"), "it is a number of minutes"),
    "a talk that is too long": (slide(braces="#one m30=31"), "ends at minute 31"),
    "an empty cut": (slide(braces="#one m20=1"), "that cut is empty"),
    "a message that is no longer true": (
        slide(braces='#one m30=1 holds="json5_over_json < 2"'),
        "no longer true",
    ),
    "two results that should be equal": (
        slide(braces='#one m30=1 holds="crash_submitted == crash_lost"'),
        "needs crash_submitted == crash_lost, but results.json says 20",
    ),
    "a condition that cannot be read": (slide(braces='#one m30=1 holds="json5"'), "is no condition"),
    "a missing notebook": (slide(braces='#one m30=1 live="99_none"'), "99_none.py does not exist"),
    "a missing section": (
        slide(braces='#one m30=1 live="03_too_big#No such section"'),
        "has no such section",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_stops_the_build_and_names_the_slide(fault: str, build_text: Build, tmp_path: Path) -> None:
    text, sentence = FAULTS[fault]
    with pytest.raises(source.DeckError) as stopped:
        build_text(text)
    assert sentence in str(stopped.value)
    assert "talk.md" in str(stopped.value)
    assert 'slide "' in str(stopped.value) or fault == "an empty cut"
    assert not (tmp_path / "build").exists(), "nothing was written"


def test_the_same_slide_without_a_fault_is_built(build_text: Build) -> None:
    index, talk = build_text(
        slide("{{measured.json5_over_json}} and {{airflow.core.dagbag_import_timeout}} s")
    )
    assert "740 and 30 s" in index.read_text("utf-8")
    assert "740 and 30 s" in talk.read_text("utf-8")


def test_a_measure_in_words_may_be_said_when_the_slide_says_what_must_hold(build_text: Build) -> None:
    index, _ = build_text(slide("Half the time.", braces='#one m30=1 holds="json5_over_json >= 2"'))
    assert "Half the time." in index.read_text("utf-8")


def test_backgrounds_and_attributes_reach_the_page_as_pandoc_has_them(build_text: Build) -> None:
    braces = (
        '#one .mine m30=1 background-image="images/background_section.svg" background-size="50%" data-state=x'
    )
    index, talk = build_text(slide("Words.", braces=braces))
    section = re.search("<section[^>]*>", index.read_text("utf-8"))
    assert section
    for attribute in ('data-background-image="background_section.svg"', 'data-background-size="50%"'):
        assert attribute in section[0]
    assert 'data-state="x"' in section[0] and "mine" in section[0] and "m30" not in section[0]
    assert (index.parent / "background_section.svg").is_file()
    assert 'data-background-image="data:image/svg+xml;base64,' in talk.read_text("utf-8")


def test_a_chart_whose_function_is_gone_stops_the_build(
    build_text: Build, figures: results.Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(figures.charts, "gone", {"function": "no_such", "data": {}})
    monkeypatch.setitem(figures.charts, "wrong", {"function": "bars", "data": {"no_such": 1}})
    with pytest.raises(source.DeckError, match="no function no_such"):
        build_text(slide("![](chart:gone)"))
    with pytest.raises(source.DeckError, match="data do not fit"):
        build_text(slide("![](chart:wrong)"))


def test_code_is_the_real_code(build_text: Build) -> None:
    index, _ = build_text(
        slide('```{file="dags/dynamic/from_json.py" without=docstrings mark="read_catalog(CATALOG)"}\n```')
    )
    lines = re.findall(
        r'<span class="line[^"]*">(.*?)</span>(?=<span class="line|</code>)', index.read_text("utf-8")
    )
    shown = [unescape(re.sub("<[^>]+>", "", line)) for line in lines]
    real = (ROOT / "dags/dynamic/from_json.py").read_text("utf-8").splitlines()
    assert shown == real[-len(shown) :] and "for config in read_catalog(CATALOG):" in shown
    assert len(re.findall('class="line marked"', index.read_text("utf-8"))) == 1


def test_left_out_code_is_seen_to_be_left_out(build_text: Build) -> None:
    index, _ = build_text(
        slide('```{file="dags/dynamic/from_j*.py" only="import Path|CATALOG =|for config|build("}\n```')
    )
    lines = re.findall(
        r'<span class="line[^"]*">(.*?)</span>(?=<span class="line|</code>)', index.read_text("utf-8")
    )
    shown = [unescape(re.sub("<[^>]+>", "", line)) for line in lines]
    assert [line == "…" for line in shown] == [False, True, False, False, False]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "run: make bench"),
        ("not JSON", "is not a results file"),
        ("{}", "is not a results file"),
        ('{"machine": {"text": "m"}, "results": {"a": {"value": 1}}}', '"a" needs "value", "text" and "how"'),
    ],
)
def test_a_results_file_that_cannot_be_used_is_refused(
    tmp_path: Path, content: str | None, sentence: str
) -> None:
    path = tmp_path / "results.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(source.DeckError) as stopped:
        results.load(path, SLIDES / "published.json")
    assert str(path) in str(stopped.value) and sentence in str(stopped.value)


def test_the_command_says_one_sentence_and_returns_two(tmp_path: Path) -> None:
    command = [sys.executable, str(SLIDES / "build.py"), "--results", str(tmp_path / "none.json")]
    result = subprocess.run(
        [*command, "--out", str(tmp_path / "out")], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1 and "make bench" in result.stderr


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    built = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, str(SLIDES / "build.py"), "--out", str(out)]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        built.append({file.relative_to(out): file.read_bytes() for file in out.rglob("*") if file.is_file()})
    assert built[0] == built[1]
    assert {"index.html", "talk.html"} <= {str(name) for name in built[0]}


@pytest.mark.parametrize("minutes", source.CUTS)
def test_each_cut_fills_its_time(minutes: int) -> None:
    slides = source.cut(source.read(SLIDES / "talk.md"), minutes)
    length = slides[-1].begins + slides[-1].minutes
    assert 0.9 * minutes <= length <= minutes
    assert slides[0].identifier == "title" and slides[-1].identifier == "end"


def test_a_shorter_cut_shows_no_other_slides() -> None:
    slides = source.read(SLIDES / "talk.md")
    names = {minutes: [slide.identifier for slide in source.cut(slides, minutes)] for minutes in source.CUTS}
    assert set(names[10]) < set(names[20]) < set(names[30])
    assert 28 <= len(names[30]) <= 36


def test_every_slide_tells_the_speaker_what_to_do(deck: Path) -> None:
    text = (deck / "index.html").read_text("utf-8")
    notes = re.findall(r'<aside class="notes">(.*?)</aside>', text, re.DOTALL)
    assert len(notes) == len(re.findall("<section", text))
    for note in notes:
        assert all(word in note for word in ("Be here by", "Live: notebook", "Click:", "When late:")), note
    assert "Be here by 0:00" in notes[0]


def test_the_talk_and_its_author_are_credited_first_and_last(deck: Path) -> None:
    sections = (deck / "index.html").read_text("utf-8").split("<section")
    for section in (sections[1], sections[-1]):
        shown = re.sub(r"<aside.*?</aside>", "", section, flags=re.DOTALL)
        assert "Calvin Hendryx-Parker" in shown and "EuroPython 2023" in shown


def test_the_self_contained_page_names_no_other_file(deck: Path) -> None:
    text = (deck / "talk.html").read_text("utf-8")
    head = text[: text.index("<script>")]
    without_links = re.sub(r'<a href="https://[^"]*"', "", head)
    assert not re.findall(r'(?:src|href)="(?!#|data:)[^"]+"', without_links)
    assert not re.findall(r"url\((?!data:|#)[^)]*\)", head)


def test_every_letter_has_a_glyph_in_the_deck_s_fonts(deck: Path) -> None:
    text = re.sub(
        r"<(style|script).*?</\1>|<[^>]+>", "", (deck / "index.html").read_text("utf-8"), flags=re.DOTALL
    )
    assert page.letters_without_a_font([text]) == set()
    assert page.letters_without_a_font(["a ✘"]) == {"✘"}


def test_the_drawings_state_airflow_s_own_defaults() -> None:
    drawing = (ROOT / "images" / "parse_loop.svg").read_text("utf-8")
    one = source.read(SLIDES / "talk.md")[0]
    empty = results.Results(Path("none"), "", {}, {}, {})
    for setting, words in {
        "core.dagbag_import_timeout": "import timeout: {} s",
        "dag_processor.dag_file_processor_timeout": "processor timeout: {} s",
        "dag_processor.min_file_process_interval": "once {} s have passed",
    }.items():
        assert words.format(empty.fill(f"{{{{airflow.{setting}}}}}", one)) in drawing


def test_invented_figures_stay_with_the_tests() -> None:
    invented = json.loads(FAKE_RESULTS.read_text("utf-8"))
    assert "invented" in invented["machine"]["text"]
    real = SLIDES / "results.json"
    assert not real.exists() or "invented" not in real.read_text("utf-8")


@pytest.mark.parametrize("minutes", source.CUTS)
def test_the_command_builds_each_cut(
    minutes: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import build

    out = tmp_path / "out"
    assert build.main(["--minutes", str(minutes), "--out", str(out)]) == 0
    assert capsys.readouterr().out.split() == [str(out / "index.html"), str(out / "talk.html")]
    assert f'"totalTime": {minutes * 60}' in (out / "talk.html").read_text("utf-8")
