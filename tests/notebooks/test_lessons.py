"""Predictions are kept and read as people write them; claims print one comparable line and stop a false lesson."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from workbook.lesson import ClaimFailed, claim, predict, table


@pytest.fixture(autouse=True)
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_LEARNER", str(tmp_path))
    monkeypatch.delenv("WORKBOOK_CLAIMS", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("written", "value"),
    [("20", 20), (" 2.5 ", 2.5), ("2,5", 2.5), ("1,000", 1000), ("12,345.5", 12345.5), ("", None), ("0", 0)],
)
def test_guess_is_read_as_people_write_it(written: str, value: float | None) -> None:
    guess = predict("seconds to parse", "s")
    guess.box.value = written
    assert guess.value == value


@pytest.mark.parametrize("written", ["twenty", "-3", "nan", "inf", "20 s"])
def test_what_is_no_number_is_said_to_be_none(written: str) -> None:
    guess = predict("seconds to parse")
    guess.box.value = written
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


def test_true_claim_prints_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    claim("each parse asks once per pipeline", 200 == 200, "200 «calls»")
    claim("so does the next", pd.Series([True]).all())
    said = "✔ True: each parse asks once per pipeline «200 calls»\n✔ True: so does the next\n"
    assert capsys.readouterr().out == said


def test_false_claim_stops_the_lesson_and_helps(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ClaimFailed, match=r"measured: 3 calls.\nIt held on every machine.*Run All Cells"):
        claim("static files ask nobody", False, "3 calls")
    assert capsys.readouterr().out == "✘ False: static files ask nobody «3 calls»\n"


def test_claims_are_recorded_instead_when_the_tests_ask(
    learner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = learner / "claims.jsonl"
    monkeypatch.setenv("WORKBOOK_CLAIMS", str(record))
    claim("one", False, "3")
    claim("two", True)
    told = [json.loads(line) for line in record.read_text().splitlines()]
    assert [(line["claim"], line["truth"]) for line in told] == [("one", False), ("two", True)]


@pytest.mark.parametrize("sentence", ["", "  ", "took «3 s»", "two\nlines"])
def test_claim_is_one_line_without_measured_values(sentence: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        claim(sentence, True)


def test_table_marks_measured_columns_and_never_pads() -> None:
    frames = [
        pd.DataFrame({"pipelines": [10, 100], "seconds": seconds}) for seconds in ([0.1, 2.0], [9.9, 200.0])
    ]
    bundles = [table(frame, {"seconds": ".2f"})._repr_mimebundle_() for frame in frames]
    assert bundles[0]["text/plain"] == "pipelines · seconds\n10 · «0.10»\n100 · «2.00»"
    assert "<td>«200.00»</td>" in bundles[1]["text/html"]
