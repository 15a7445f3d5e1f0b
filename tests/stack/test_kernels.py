"""What a kernel inherits, and that one Airflow serves all notebooks of a run."""

from __future__ import annotations

import fcntl
import os
import select
import threading
import time
from pathlib import Path

import pytest

from workbook.stack import kernels
from workbook.stack.place import Place


def test_kernel_inherits_nothing_of_pytest_and_compiles_what_it_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTEST_CURRENT_TEST" in os.environ
    environment = kernels.kernel_environment(tmp_path)
    assert not [name for name in environment if name.startswith(("PYTEST", "PYTHONDONT"))]
    assert environment["WORKBOOK_SCALE"] == "ci"
    assert environment["WORKBOOK_LEARNER"] == str(tmp_path / "learner")
    assert environment["WORKBOOK_AIRFLOW"] == str(tmp_path / "airflow")


def test_jupyter_writes_nowhere_else(tmp_path: Path) -> None:
    folders = kernels.jupyter_folders(tmp_path, create=True)
    assert all(Path(folder).is_dir() and tmp_path in Path(folder).parents for folder in folders.values())


def test_every_airflow_is_held_until_the_end_of_the_block(tmp_path: Path) -> None:
    place = Place(tmp_path / "airflow")
    place.folder.mkdir()
    with kernels.keep_airflow(tmp_path):
        readers = []
        for _ in range(2):  # the second replaces the first, as a start with other settings does
            place.lifeline.unlink(missing_ok=True)
            os.mkfifo(place.lifeline)
            readers.append(os.open(place.lifeline, os.O_RDONLY | os.O_NONBLOCK))
            notebook = os.open(place.lifeline, os.O_WRONLY)
            time.sleep(1)
            os.close(notebook)
        assert [hung_up(reader) for reader in readers] == [False, False]
    assert [hung_up(reader) for reader in readers] == [True, True]


def test_end_of_the_block_waits_for_the_end_of_airflow(tmp_path: Path) -> None:
    place = Place(tmp_path / "airflow")
    place.folder.mkdir()
    alive = place.living.open("a")
    fcntl.flock(alive, fcntl.LOCK_EX)
    threading.Timer(1.5, alive.close).start()
    started = time.monotonic()
    with kernels.keep_airflow(tmp_path):
        pass
    assert time.monotonic() - started >= 1.4


def hung_up(reader: int) -> bool:
    """Whether nobody holds the other end of a pipe."""
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    return bool(poll.poll(100))
