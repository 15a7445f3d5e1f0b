"""The guards of the notebooks are guarded: on a small real notebook, each way to cheat turns one of them red."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from support import contract, sabotage
from support.sabotage import Sabotage

from workbook.tools import build

pytestmark = pytest.mark.notebook

FIXTURE = Path(__file__).parent / "fixture" / "00_sample.ipynb"
SABOTAGES = [
    Sabotage("the factory asks once per pipeline", "calls.append(pipeline)", "calls.extend([pipeline] * 2)"),
    Sabotage("the import cannot be faster than its calls", "time.sleep(0.002)", "pass"),
    Sabotage("a remembered configuration needs no call", "remembered[number] for", "ask(number) for", "b"),
]
CLAIMS = [one.claim for one in SABOTAGES]


@pytest.fixture
def notebook() -> NotebookNode:
    return nbformat.read(FIXTURE, as_version=4)


def code(notebook: NotebookNode, holding: str) -> NotebookNode:
    """The one code cell whose source holds a text."""
    (cell,) = [cell for cell in contract.code_cells(notebook) if holding in cell.source]
    return cell


def nbval(notebook: NotebookNode, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the suite's own nbval set-up says about a notebook."""
    nbformat.write(notebook, folder / "00_sample.ipynb")
    shutil.copy(build.NOTEBOOKS / "conftest.py", folder)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--color=no",
        "--rootdir",
        str(folder),
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run([*command, str(folder)], capture_output=True, text=True, cwd=folder)


def both_rounds(notebook: NotebookNode, folder: Path) -> list[str]:
    problems = []
    for name in "ab":
        (folder / name).mkdir()
        problems += sabotage.problems(notebook, SABOTAGES, name, folder, folder / name)
    return problems


def test_honest_notebook_is_green_everywhere(notebook: NotebookNode, tmp_path: Path) -> None:
    assert build.check(FIXTURE.parent) == []
    assert contract.problems(notebook, CLAIMS) == []
    assert both_rounds(notebook, tmp_path) == []
    again = nbval(notebook, tmp_path)
    assert again.returncode == 0, again.stdout
    assert "5 passed" in again.stdout


@pytest.mark.parametrize("number", range(5))
def test_not_executed_cell_is_red(notebook: NotebookNode, number: int) -> None:
    cell = list(contract.code_cells(notebook))[number]
    cell.outputs, cell.execution_count = [], None
    assert any("was executed as number None" in problem for problem in contract.problems(notebook, CLAIMS))


def strip_claim_output(notebook: NotebookNode) -> None:
    code(notebook, "the factory asks").outputs = []


def delete_claim_cell(notebook: NotebookNode) -> None:
    notebook.cells.remove(code(notebook, "the factory asks"))


def ignore_claim_output(notebook: NotebookNode) -> None:
    code(notebook, "the factory asks").metadata["tags"] = ["nbval-ignore-output"]


def skip_claim_cell(notebook: NotebookNode) -> None:
    code(notebook, "the factory asks").metadata["tags"] = ["nbval-skip"]


def ignore_claim_by_comment(notebook: NotebookNode) -> None:
    cell = code(notebook, "the factory asks")
    cell.source = f"# NBVAL_IGNORE_OUTPUT\n{cell.source}"


def store_a_false_claim(notebook: NotebookNode) -> None:
    output = code(notebook, "the factory asks").outputs[0]
    output.text = output.text.replace("✔ True: the factory", "✘ False: the factory")


def write_to_stderr(notebook: NotebookNode) -> None:
    code(notebook, "ask(pipeline").outputs.append(
        nbformat.v4.new_output("stream", name="stderr", text="warning")
    )


def store_an_error(notebook: NotebookNode) -> None:
    code(notebook, "ask(pipeline").outputs.append(
        nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])
    )


def leave_a_guillemet_open(notebook: NotebookNode) -> None:
    code(notebook, "ask(pipeline").outputs[0].text = "import: «0.041 s"


@pytest.mark.parametrize(
    ("cheat", "expected"),
    [
        (strip_claim_output, "missing ['the factory asks once per pipeline'"),
        (delete_claim_cell, "missing ['the factory asks once per pipeline'"),
        (ignore_claim_output, "output is not compared"),
        (skip_claim_cell, "tags that are not allowed"),
        (ignore_claim_by_comment, "output is not compared"),
        (store_a_false_claim, "a claim that is false"),
        (write_to_stderr, "standard error"),
        (store_an_error, "ends in an error"),
        (leave_a_guillemet_open, "do not come in pairs"),
    ],
)
def test_contract_turns_red(
    notebook: NotebookNode, cheat: Callable[[NotebookNode], None], expected: str
) -> None:
    cheat(notebook)
    assert any(expected in problem for problem in contract.problems(notebook, CLAIMS))


def test_claim_without_a_sabotage_is_red(notebook: NotebookNode) -> None:
    assert "without a sabotage ['a remembered" in contract.problems(notebook, CLAIMS[:2])[0]


def test_stripped_outputs_and_changed_values_are_red_in_nbval(notebook: NotebookNode, tmp_path: Path) -> None:
    measured = code(notebook, "ask(pipeline").outputs[0]
    measured.text = re.sub("«.*»", "«77.0 s»", measured.text)
    for number, cell in enumerate(contract.code_cells(notebook), start=1):
        cell.execution_count = number
    stripped = copy.deepcopy(notebook)
    code(stripped, "predict(").outputs = []
    code(stripped, "len(again)").outputs[1].data["text/plain"] = "21"
    output = nbval(stripped, tmp_path).stdout
    assert "2 failed, 3 passed" in output, output  # the measured value may differ, the other two may not
    assert "Unexpected output fields" in output
    assert re.search("mismatch 'text/plain'", output)


@pytest.mark.parametrize(
    ("holding", "honest", "cheat", "expected"),
    [
        ("seconds >=", "seconds >= 20 * 0.002", "seconds >= 0", "stays true"),
        ("seconds >=", "len(calls) == 20,", "len(calls) >= 20,", "stays true"),
        ("calls.append", "time.perf_counter() - started", "0.041", "stays true"),
        ("remembered", "len(calls) == 0,", "0 == 0,", "stays true"),
    ],
    ids=["weakened threshold", "equality made a bound", "faked measurement", "claim about a constant"],
)
def test_sabotage_turns_red(
    notebook: NotebookNode, tmp_path: Path, holding: str, honest: str, cheat: str, expected: str
) -> None:
    cell = next(
        cell for cell in contract.code_cells(notebook) if holding in cell.source and honest in cell.source
    )
    cell.source = cell.source.replace(honest, cheat)
    assert any(expected in problem for problem in both_rounds(notebook, tmp_path))


def test_sabotage_that_disturbs_the_other_round_is_red(notebook: NotebookNode, tmp_path: Path) -> None:
    first = Sabotage(CLAIMS[0], "range(20)]\nseconds", "[]]\nseconds")
    problems = sabotage.problems(notebook, [first, *SABOTAGES[1:]], "a", tmp_path, tmp_path)
    assert any("never reached (KeyError in code cell 5: 0)" in problem for problem in problems)


def test_sabotage_needs_a_text_that_occurs_once(notebook: NotebookNode, tmp_path: Path) -> None:
    twice = Sabotage(CLAIMS[0], "range(20)", "range(21)")
    assert "occurs 2 times" in sabotage.problems(notebook, [twice], "a", tmp_path, tmp_path)[0]


def test_sabotages_of_a_round_do_not_see_each_other(notebook: NotebookNode, tmp_path: Path) -> None:
    moved = Sabotage(CLAIMS[1], "time.sleep(0.002)", "calls.append(pipeline)")  # now that text occurs twice
    problems = sabotage.problems(notebook, [SABOTAGES[0], moved, SABOTAGES[2]], "a", tmp_path, tmp_path)
    assert problems == []


def test_overlapping_sabotages_are_red(notebook: NotebookNode, tmp_path: Path) -> None:
    inside = Sabotage(CLAIMS[1], "append(pipeline)\n    time.sleep(0.002)", "pass")
    problems = sabotage.problems(notebook, [SABOTAGES[0], inside], "a", tmp_path, tmp_path)
    assert any("overlaps another one" in problem for problem in problems)
