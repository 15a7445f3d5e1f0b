"""What the generator remembers: only what it can rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import memory
from pipelines.memory import NO_STAMP, Memory

NOW = 1_800_000_000_000_000_000


def test_a_file_that_was_just_touched_is_looked_at_again() -> None:
    old = (NOW - 60_000_001, NOW - 60_000_001, 1)
    assert memory.noted(old, NOW) == old
    assert memory.noted((NOW - 40_000_001, NOW - 60_000_001, 1), NOW) == NO_STAMP
    assert memory.noted((NOW - 60_000_001, NOW - 40_000_001, 1), NOW) == NO_STAMP


def test_times_of_whole_milliseconds_may_be_of_a_coarse_clock() -> None:
    second, older = NOW - 1_000_000_000, NOW - 3_000_000_000
    assert memory.noted((second, second, 1), NOW) == NO_STAMP
    assert memory.noted((older, older, 1), NOW) == (older, older, 1)


def filled() -> Memory:
    made = Memory({"c": (["a.json", "defaults.json", "b.json"], bytes(72))}, dags=2)
    made.keep_parts({"x.py": [("c/b.json", "b")], "y.py": [("c/a.json", "a")]})
    made.outputs["x.py"] = (NO_STAMP, b"digest")
    return made


def test_a_memory_comes_back_as_it_was(tmp_path: Path) -> None:
    memory.save(filled(), tmp_path / "memory", "these options")
    assert memory.load(tmp_path / "memory", "these options") == filled()


def test_a_memory_of_something_else_or_with_damage_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "memory"
    assert memory.load(path, "") is None
    memory.save(filled(), path, "these options")
    assert memory.load(path, "other options") is None
    good = path.read_bytes()
    for bad in (b"", b"x", good[:-1], good[:70], good + b"x", good.replace(b"a.json", b"z.json")):
        path.write_bytes(bad)
        assert memory.load(path, "these options") is None
    path.write_bytes(good)
    monkeypatch.setattr(memory, "_generator", lambda: "another")
    assert memory.load(path, "these options") is None


def test_edits_are_traced_to_the_files_that_they_concern() -> None:
    known = filled()
    same = known.folders["c"][1]

    def stamps(*edited: int) -> bytes:
        return b"".join(bytes([number in edited] * 24) for number in range(3))

    names = ["a.json", "defaults.json", "b.json"]
    assert known.outputs_of_edited({"c": (names, same)}) == set()
    assert known.outputs_of_edited({"c": (names, stamps(0))}) == {"y.py"}
    assert known.outputs_of_edited({"c": (names, stamps(0, 2))}) == {"x.py", "y.py"}
    assert known.outputs_of_edited({"c": (names, stamps(1))}) is None
    assert known.outputs_of_edited({"c": (names[:2], same)}) is None
    assert known.outputs_of_edited({"c": (names, same), "c/d": ([], b"")}) is None


def test_a_scan_finds_the_files_of_a_catalog_and_no_others(tmp_path: Path) -> None:
    for name in ("a.json", "b.json5", "c.txt", ".hidden.json", "sub/d.json", ".git/e.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    found = memory.scan(str(tmp_path))
    assert {folder: sorted(names) for folder, (names, _) in found.items()} == {
        str(tmp_path): ["a.json", "b.json5"],
        str(tmp_path / "sub"): ["d.json"],
    }
    assert memory.scan(str(tmp_path / "missing")) == {}


def test_an_inode_beyond_all_reason_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.json").write_text("{}")

    def too_much(*_: object) -> None:
        raise OverflowError

    monkeypatch.setattr(memory, "array", too_much)
    assert memory.scan(str(tmp_path)) == {}
