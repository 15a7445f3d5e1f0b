"""The builder: nothing is executed or rewritten without need, nothing half-built is kept, every difference is named."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from workbook.tools import build
from workbook.tools.notebook import read_source
from workbook.workspace import ROOT

pytestmark = pytest.mark.notebook

FIXTURE = ROOT / "tests" / "notebooks" / "fixture"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(FIXTURE, tmp_path / "notebooks")
    return tmp_path / "notebooks"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    source = str(folder / "src" / "00_sample.py")
    command = [sys.executable, "-m", "workbook.tools.build", *options, source]
    return subprocess.run(command, capture_output=True, text=True)


def test_nothing_to_do_changes_no_byte_and_needs_no_kernel(folder: Path) -> None:
    target = folder / "00_sample.ipynb"
    before = target.stat()
    assert "unchanged" in run(folder).stdout
    assert target.stat().st_mtime_ns == before.st_mtime_ns


def test_executing_again_changes_no_byte(folder: Path) -> None:
    target = folder / "00_sample.ipynb"
    before = target.read_bytes()
    assert "no output differs; unchanged" in run(folder, "--all").stdout
    assert target.read_bytes() == before


def test_changed_text_keeps_the_outputs(folder: Path) -> None:
    target = folder / "00_sample.ipynb"
    before = nbformat.read(target, as_version=4)
    edit(folder / "src" / "00_sample.py", "small and real", "real and small")
    assert "only its text changed" in run(folder).stdout
    after = nbformat.read(target, as_version=4)
    assert "real and small" in after.cells[0].source
    assert [cell.get("outputs") for cell in after.cells] == [cell.get("outputs") for cell in before.cells]
    assert [cell.id for cell in after.cells[1:]] == [cell.id for cell in before.cells[1:]]


def test_changed_code_is_executed(folder: Path) -> None:
    edit(folder / "src" / "00_sample.py", "len(again)", "len(again) + 1")
    assert "executed" in run(folder).stdout
    after = nbformat.read(folder / "00_sample.ipynb", as_version=4)
    assert after.cells[-1].outputs[-1].data["text/plain"] == "21"
    assert build.check(folder) == []


def test_failing_cell_is_shown_and_the_notebook_left_as_it_was(folder: Path) -> None:
    before = (folder / "00_sample.ipynb").read_bytes()
    edit(folder / "src" / "00_sample.py", "len(again)", "1 / 0")
    result = run(folder)
    assert result.returncode == 1
    assert "failed; the file is unchanged" in result.stdout
    assert "cell 9:" in result.stderr
    assert "1 / 0" in result.stderr
    assert "ZeroDivisionError: division by zero" in result.stderr
    assert (folder / "00_sample.ipynb").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["00_sample.ipynb", "src"]


def test_dead_kernel_is_noticed_at_once(folder: Path) -> None:
    edit(folder / "src" / "00_sample.py", "len(again)", "import os; os._exit(3)")
    assert "cell 9: its kernel died" in run(folder).stderr


def test_interrupt_leaves_no_kernel_and_the_notebook_as_it_was(folder: Path) -> None:
    before = (folder / "00_sample.ipynb").read_bytes()
    edit(folder / "src" / "00_sample.py", "len(again)", "time.sleep(1000)")
    source = str(folder / "src" / "00_sample.py")
    with subprocess.Popen(
        [sys.executable, "-m", "workbook.tools.build", source], stderr=subprocess.PIPE
    ) as process:
        kernels = wait_for_children(process.pid)
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        _, output = process.communicate()
    assert process.returncode == 1, output
    assert b"every notebook that is not named above is unchanged" in output
    assert not psutil.wait_procs(kernels, timeout=120)[1]
    assert (folder / "00_sample.ipynb").read_bytes() == before


def wait_for_children(pid: int) -> list[psutil.Process]:
    for _ in range(3000):
        if children := psutil.Process(pid).children(recursive=True):
            return children
        time.sleep(0.1)
    raise AssertionError("no kernel was started")


def test_check_names_notebook_cell_and_remedy(folder: Path) -> None:
    edit(folder / "src" / "00_sample.py", "len(again)", "len(again) + 1")
    (problem,) = build.check(folder)
    assert "00_sample.ipynb: cell 9 (“calls.clear()”)" in problem
    assert "make notebooks" in problem


@pytest.mark.parametrize(
    "damage", ["missing", "not JSON", "more cells", "other id", "not executed", "metadata", "tag"]
)
def test_check_finds(folder: Path, damage: str) -> None:
    target = folder / "00_sample.ipynb"
    notebook = nbformat.read(target, as_version=4)
    if damage == "missing":
        target.unlink()
    elif damage == "not JSON":
        target.write_text("{")
    else:
        if damage == "more cells":
            notebook.cells.append(nbformat.v4.new_markdown_cell("more"))
        elif damage == "other id":
            notebook.cells[0].id = "abc"
        elif damage == "not executed":
            notebook.cells[1].execution_count = None
        elif damage == "metadata":
            notebook.metadata["widgets"] = {}
        else:
            notebook.cells[1].metadata["tags"] = ["nbval-skip"]
        nbformat.write(notebook, target)
    assert len(build.check(folder)) == 1


def test_notebook_without_a_source_is_named(folder: Path) -> None:
    shutil.copy(folder / "00_sample.ipynb", folder / "01_stray.ipynb")
    assert "01_stray.ipynb has no source" in build.check(folder)[0]


def test_unknown_name_is_answered_with_the_names_there_are() -> None:
    command = [sys.executable, "-m", "workbook.tools.build", "77"]
    result = subprocess.run(command, capture_output=True, text=True, env={**os.environ})
    assert result.returncode == 1
    assert 'no source for "77"; the sources are: ' in result.stderr


def test_equal_cells_get_ids_of_their_own(tmp_path: Path) -> None:
    source = tmp_path / "00_twice.py"
    source.write_text("# %%\n1\n\n# %%\n1\n")
    ids = [cell.id for cell in read_source(source).cells]
    assert ids[1] == f"{ids[0]}-2"
    assert [cell.id for cell in read_source(source).cells] == ids
