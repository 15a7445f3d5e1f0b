"""Predictions are read as people write them, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.lesson import predict
from workbook.lesson.predictions import GuessBox


@pytest.fixture(autouse=True)
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_LEARNER", str(tmp_path))
    monkeypatch.delenv("WORKBOOK_CLAIMS", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "value"),
    [("20", 20), (" 2.5 ", 2.5), ("2,5", 2.5), ("1,000", 1000), ("12,345.5", 12345.5), ("", None), ("0", 0)],
)
def test_guess_is_read_as_people_write_it(text: str, value: float | None) -> None:
    guess = predict("seconds to parse", "s")
    GuessBox(guess).box.value = text
    assert guess.value == value


@pytest.mark.parametrize("text", ["twenty", "-3", "nan", "inf", "20 s"])
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    guess = predict("seconds to parse")
    shown = GuessBox(guess)
    shown.box.value = text
    assert guess.value is None
    assert "digits" in shown.note.value


def test_guess_is_still_there_after_a_restart() -> None:
    predict("seconds to parse").write("20")
    again = predict("seconds to parse")
    assert (again.value, GuessBox(again).box.value) == (20, "20")
    assert predict("another question").value is None


def test_damaged_guess_is_asked_again() -> None:
    guess = predict("seconds to parse")
    guess.write("20")
    guess.file.write_text("{")
    assert predict("seconds to parse").value is None


def test_prediction_looks_the_same_in_every_run() -> None:
    question = "seconds " * 30
    guess = predict(question, "s")
    before = guess._repr_mimebundle_()["text/plain"]
    guess.write("20")
    assert guess._repr_mimebundle_()["text/plain"] == before == repr(predict(question, "s"))
    assert question in before


@pytest.mark.parametrize(
    ("guess", "measured", "shown"),
    [
        ("", 40, "your guess: «none»; here: 40 requests\n"),
        ("40", 40, "your guess: «40 requests»; here: 40 requests\n"),
        ("41", 40, "your guess: «41 requests»; here: 40 requests\nThe list counts too.\n"),
        ("2", 2.3, "your guess: «2 requests»; here: «2.3 requests»\n"),
        ("1000", 12.0, "your guess: «1,000 requests»; here: «12 requests»\nThe list counts too.\n"),
    ],
)
def test_a_guess_stands_beside_the_measurement(
    guess: str, measured: float, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    question = predict("how many", "requests")
    question.write(guess)
    question.beside(measured, "The list counts too.")
    assert capsys.readouterr().out == shown


def test_the_figure_of_the_talk_stands_beside_both(capsys: pytest.CaptureFixture[str]) -> None:
    predict("how long", "×").beside(812.4, talk=1000)
    assert capsys.readouterr().out == "your guess: «none»; here: «812 ×»; the talk: 1,000 ×\n"
