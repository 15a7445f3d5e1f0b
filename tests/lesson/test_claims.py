"""Claims print one line that can be compared, and stop a false lesson."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from workbook.lesson import ClaimFailed, claim


@pytest.fixture(autouse=True)
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_LEARNER", str(tmp_path))
    monkeypatch.delenv("WORKBOOK_CLAIMS", raising=False)
    return tmp_path


def test_true_claim_prints_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    claim("each parse asks once per pipeline", 200 == 200, "200 «calls»")
    claim("so does the next", pd.Series([True]).all())
    expected = "✔ True: each parse asks once per pipeline «200 calls»\n✔ True: so does the next\n"
    assert capsys.readouterr().out == expected


def test_false_claim_stops_the_lesson_and_helps(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ClaimFailed, match=r"measured: 3 calls.\nIt was true on every machine.*Run All Cells"):
        claim("static files ask nobody", False, "3 calls")
    assert capsys.readouterr().out == "✘ False: static files ask nobody «3 calls»\n"


def test_claims_are_recorded_instead_when_the_tests_ask(
    learner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = learner / "claims.jsonl"
    monkeypatch.setenv("WORKBOOK_CLAIMS", str(record))
    claim("one", False, "3")
    claim("two", True)
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    assert [(line["claim"], line["truth"]) for line in lines] == [("one", False), ("two", True)]


@pytest.mark.parametrize("sentence", ["", "  ", "took «3 s»", "two\nlines"])
def test_claim_is_one_line_without_measured_values(sentence: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        claim(sentence, True)
