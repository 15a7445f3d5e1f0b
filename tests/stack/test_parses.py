"""A published file counts as parsed when the DAG processor is through with it, database included."""

from __future__ import annotations

import json
from pathlib import Path

from workbook.stack.parses import Parses

FILES = ["lesson/a.py", "lesson/deeper one/a.py", "lesson/deeper_one/a.py", "lesson_deeper_one/a.py"]
"""Airflow's metrics give the end of each as that of ``a``, and the beginnings of the last three as of one file."""


def note(notes: Path, file: str, started: float, *, end: str = "\n") -> None:
    """Write what the DAG processor would."""
    line = {"file": file, "started": started, "seconds": 0.5, "dags": [], "errors": 0, "outcome": "no DAG"}
    with notes.open("a") as lines:
        lines.write(json.dumps(line) + end)


def test_every_file_must_have_been_parsed_and_no_other_stands_for_it(tmp_path: Path) -> None:
    parses = Parses(tmp_path / "notes")
    for file in FILES:
        assert not parses.include(FILES, since=100)
        note(tmp_path / "notes", file, 101)
        assert parses.include([file], since=100)
    assert parses.include(FILES, since=100)
    assert list(parses.last()) == FILES


def test_a_parse_that_began_before_the_publication_does_not_count(tmp_path: Path) -> None:
    parses = Parses(tmp_path / "notes")
    note(tmp_path / "notes", FILES[0], 99)
    assert not parses.include(FILES[:1], since=100)
    note(tmp_path / "notes", FILES[0], 101)
    assert parses.include(FILES[:1], since=100)
    assert [parse.started for parse in parses.last().values()] == [101]


def test_a_line_that_is_half_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    parses = Parses(tmp_path / "notes")
    note(tmp_path / "notes", FILES[0], 101, end="")
    assert not parses.include(FILES[:1], since=100)
    with (tmp_path / "notes").open("a") as lines:
        lines.write("\n")
    assert parses.include(FILES[:1], since=100)


def test_no_files_are_parsed_at_once(tmp_path: Path) -> None:
    assert Parses(tmp_path / "notes").include([], since=100)
