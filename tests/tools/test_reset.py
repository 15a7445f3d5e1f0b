"""What `make reset` removes, and what it asks about."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from workbook.tools import reset


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("airflow", "lessons", "learner/predictions"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "learner" / "predictions" / "one.json").write_text("{}")
    (tmp_path / "desk" / "notebooks").mkdir(parents=True)
    (tmp_path / "desk" / "notebooks" / "my_notes.md").write_text("mine")
    (tmp_path / "a file").touch()
    monkeypatch.setattr(reset, "WORK", tmp_path)
    monkeypatch.setattr(reset.stack, "stop", lambda: None)
    return tmp_path


@pytest.mark.parametrize(
    ("answer", "left"), [("y", []), ("", ["desk", "learner"]), ("no", ["desk", "learner"])]
)
def test_reset_asks_before_it_removes_what_a_learner_wrote(
    answer: str, left: list[str], work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    reset.main([])
    assert sorted(entry.name for entry in work.iterdir()) == left


def test_reset_keeps_what_a_learner_wrote_when_nobody_can_answer(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    reset.main([])
    assert sorted(entry.name for entry in work.iterdir()) == ["desk", "learner"]


def test_reset_of_what_does_not_exist_changes_nothing(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reset.main(["77"]) == 1
    assert "no notebook 77; there are 00_start_here, 01_" in capsys.readouterr().err
    assert len([*work.iterdir()]) == 5


def test_reset_ends_airflow_before_it_removes_its_folder(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_exists: list[bool] = []
    monkeypatch.setattr(reset.stack, "stop", lambda: folder_exists.append((work / "airflow").exists()))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    reset.main([])
    assert folder_exists == [True]
