"""Folders of waiting DAGs hold what was asked for, and what they cannot hold is refused."""

from __future__ import annotations

import json

import pytest

from workbook.measure.waiting_dags import MODES, waiting_folder
from workbook.workspace import DAGS


def test_a_folder_holds_the_files_of_its_modes_and_their_work() -> None:
    assert len(list(waiting_folder("test", jobs=2, seconds=3).glob("*.py"))) == len(MODES)
    folder = waiting_folder("test", jobs=2, seconds=3, modes=["poke"])
    assert sorted(path.name for path in folder.iterdir()) == ["poke.py", "work.json"]
    assert (folder / "poke.py").read_text() == (DAGS / "deferrable" / "poke.py").read_text()
    work = {"jobs": 2, "seconds": 3, "poll_interval": 1, "timeout": 3600, "retries": 2}
    assert json.loads((folder / "work.json").read_text()) == work


@pytest.mark.parametrize("mode", MODES)
def test_dags_can_be_called_otherwise_and_wait_as_before(mode: str) -> None:
    folder = waiting_folder("test", jobs=1, seconds=1, modes=[mode], dags="late")
    lines = (DAGS / "deferrable" / f"{mode}.py").read_text().splitlines()
    renamed = (folder / "late.py").read_text().splitlines()
    changes = [(before, after) for before, after in zip(lines, renamed, strict=True) if before != after]
    before = f'globals().update(waiting_dags("{mode}", WORK, step))'
    assert changes == [(before, before.replace(mode, "late"))]


def test_unknown_modes_and_one_name_for_several_are_refused() -> None:
    with pytest.raises(ValueError, match="no mode sleeping; there are blocking, poke"):
        waiting_folder("test", jobs=1, seconds=1, modes=["blocking", "sleeping"])
    with pytest.raises(ValueError, match="DAGs called late have one mode, not 5; lay out a folder for each"):
        waiting_folder("test", jobs=1, seconds=1, dags="late")
