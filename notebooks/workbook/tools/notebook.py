"""A notebook: read from its text, executed, freed of what differs from run to run."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from workbook.exercises.page import cells
from workbook.progress import progress
from workbook.tools import minutes

CELL_TIMEOUT_SECONDS = 900
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},  # without the version: another Python changes no byte
}
MEASURED = re.compile("«[^»]*»")
MINUTES = "{minutes}"
LIVE_VIEW = "application/vnd.jupyter.widget-view+json"


class BuildFailed(Exception):
    """A notebook could not be built; its message is for the author."""


def read_source(source: Path) -> NotebookNode:
    """The notebook that a source stands for, without outputs.

    Args:
        source: a file in jupytext's py:percent format.

    Returns:
        A notebook whose cell ids follow from the cells' text, so that building again changes no byte. Exercises and
        questions stand in it where the source names them, and the minutes where it says ``{minutes}``.

    Raises:
        BuildFailed: when the source names an exercise or questions that do not exist.
    """
    notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    notebook.cells = [part for cell in notebook.cells for part in _filled(cell)]
    if notebook.cells:
        first = notebook.cells[0]
        first.source = first.source.replace(MINUTES, minutes.line(notebook, minutes.stored(source)))
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    counts: dict[str, int] = {}
    for cell in notebook.cells:
        digest = digest_of(cell)
        counts[digest] = counts.get(digest, 0) + 1
        cell.id = digest if counts[digest] == 1 else f"{digest}-{counts[digest]}"
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's note about blank lines in the text
    return notebook


def digest_of(cell: NotebookNode) -> str:
    """What the id of a cell begins with, as long as its text is what the project wrote."""
    return hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]


def execute(
    notebook: NotebookNode, *, folder: Path, environment: dict[str, str], allow_errors: bool = False
) -> None:
    """Run all code cells of a notebook in a new kernel; the outputs are stored in the notebook.

    Args:
        notebook: is changed.
        folder: the kernel's working directory.
        environment: the kernel's whole environment.
        allow_errors: go on after a cell that raised.

    Raises:
        BuildFailed: a cell raised or took too long, or the kernel died.
    """
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        timeout=CELL_TIMEOUT_SECONDS,
        allow_errors=allow_errors,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # else each kernel warns that loopback is not encrypted
    )
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    client.reset_execution_trackers()
    # not client.execute(): it handles Ctrl-C itself, and goes on; what the kernel says is in the outputs already
    with progress(_title(notebook)) as line, client.setup_kernel(env=environment, stdout=subprocess.DEVNULL):
        for number, index in enumerate(code, start=1):
            line.say(f"cell {number} of {len(code)}")
            try:
                client.execute_cell(notebook.cells[index], index, execution_count=number)
            except (CellExecutionError, CellTimeoutError) as error:
                raise BuildFailed(_failure(notebook, index, error)) from None
            except DeadKernelError:
                raise BuildFailed(f"cell {index + 1}: its kernel died") from None


def normalise(notebook: NotebookNode) -> None:
    """Drop from executed outputs what differs from run to run or works only with a living kernel.

    Args:
        notebook: is changed.
    """
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in code_cells(notebook):
        cell.metadata.pop("execution", None)
        cell.outputs = _coalesced(cell.outputs)
        for output in cell.outputs:
            if output.output_type == "error":  # the frames hold this machine's paths
                output.traceback = [f"{output.ename}: {output.evalue}"]
            output.get("data", {}).pop(LIVE_VIEW, None)  # its random id means nothing to another kernel


def comparable(notebook: NotebookNode) -> list[Any]:
    """The outputs as strict comparison sees them: measured values emptied, pictures in pixels left out."""
    return [[_without_measured(output) for output in cell.outputs] for cell in code_cells(notebook)]


def code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """The cells that a kernel runs."""
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def _filled(cell: NotebookNode) -> list[NotebookNode]:
    """The cells of the exercise or the questions that a cell stands for; otherwise the cell."""
    try:
        parts = cells(cell.source) if cell.cell_type == "markdown" else None
    except ValueError as problem:
        raise BuildFailed(f"a cell says “{cell.source}”: {problem}") from None
    if parts is None:
        return [cell]
    new = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return [new[kind](text) for kind, text in parts]


def _coalesced(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """One output per stream, in the place of its first piece: how the pieces fell is a matter of timing."""
    streams: dict[str, NotebookNode] = {}
    merged = []
    for output in outputs:
        if output.output_type != "stream":
            merged.append(output)
        elif output.name in streams:
            streams[output.name].text += output.text
        else:
            streams[output.name] = output
            merged.append(output)
    return merged


def _without_measured(value: Any) -> Any:
    if isinstance(value, str):
        return MEASURED.sub("«»", value)
    if isinstance(value, dict):
        ignored = ("image/png", "execution_count", "metadata")
        return {key: _without_measured(part) for key, part in value.items() if key not in ignored}
    if isinstance(value, list):
        return [_without_measured(part) for part in value]
    return value


def _failure(notebook: NotebookNode, index: int, error: CellExecutionError | CellTimeoutError) -> str:
    cell = notebook.cells[index]
    source = "\n".join(f"    {line}" for line in cell.source.splitlines())
    return (
        f"cell {index + 1}:\n{source}\n{_plain(str(error).partition(cell.source)[2] or str(error)).strip()}"
    )


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _title(notebook: NotebookNode) -> str:
    first = notebook.cells[0].source if notebook.cells else ""
    return first.partition("\n")[0].lstrip("# ")
