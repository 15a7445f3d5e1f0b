"""Predictions are read as people write them, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.lesson import predict


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
    guess.box.value = text
    assert guess.value == value


@pytest.mark.parametrize("text", ["twenty", "-3", "nan", "inf", "20 s"])
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    guess = predict("seconds to parse")
    guess.box.value = text
    assert guess.value is None
    assert "digits" in guess.note.value


def test_guess_is_still_there_after_a_restart() -> None:
    predict("seconds to parse").box.value = "20"
    again = predict("seconds to parse")
    assert (again.value, again.box.value) == (20, "20")
    assert predict("another question").value is None


def test_damaged_guess_is_asked_again() -> None:
    guess = predict("seconds to parse")
    guess.box.value = "20"
    guess.file.write_text("{")
    assert predict("seconds to parse").value is None


def test_prediction_looks_the_same_in_every_run() -> None:
    question = "seconds " * 30
    guess = predict(question, "s")
    before = guess._repr_mimebundle_()["text/plain"]
    guess.box.value = "20"
    assert guess._repr_mimebundle_()["text/plain"] == before == repr(predict(question, "s"))
    assert question in before
