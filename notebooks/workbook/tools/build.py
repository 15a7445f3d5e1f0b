"""Builds the notebooks from their text sources: executed, normalised, and only where something changed.

``python -m workbook.tools.build [--check] [--all] [NAME ...]``; a name is ``03``, ``03_too_big`` or a path.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from workbook.progress import progress
from workbook.stack.kernels import jupyter_folders, keep_airflow, kernel_environment
from workbook.workspace import ROOT

NOTEBOOKS = ROOT / "notebooks"
CELL_TIMEOUT_SECONDS = 900
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},  # without the version: another Python changes no byte
}
MEASURED = re.compile("«[^»]*»")
LIVE_VIEW = "application/vnd.jupyter.widget-view+json"


class BuildFailed(Exception):
    """A notebook could not be built; its message is for the author."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or check; returns the exit code (0 done or current, 1 not)."""
    parser = argparse.ArgumentParser(
        prog="python -m workbook.tools.build", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="03, 03_too_big, or a path; all when left out"
    )
    parser.add_argument(
        "--check", action="store_true", help="only compare notebooks and sources; runs no kernel"
    )
    parser.add_argument("--all", action="store_true", help="execute again even what has not changed")
    options = parser.parse_args(arguments)
    try:
        sources = _sources(NOTEBOOKS, options.names)
    except BuildFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    if options.check:
        return _report(check(NOTEBOOKS, sources), f"{len(sources)} notebooks are exactly their sources")
    return _build_all(sources, again=options.all)


def check(folder: Path, sources: Sequence[Path] | None = None) -> list[str]:
    """Compare notebooks with their sources.

    Args:
        folder: holds the notebooks, and their sources in ``src``.
        sources: look at these only; otherwise at all, and also for notebooks without a source.

    Returns:
        A sentence for each difference: notebook, cell, remedy. None is good.
    """
    problems: list[str] = []
    for source in _sources(folder) if sources is None else sources:
        problems += _differences(source, _target(source))
    if sources is None or set(sources) == set(_sources(folder)):
        known = {_target(source) for source in _sources(folder)}
        problems += [
            f"{_shown(stray)} has no source; write {_shown(folder / 'src' / stray.stem)}.py or delete the notebook"
            for stray in sorted(set(folder.glob("*.ipynb")) - known)
        ]
    return problems


def read_source(source: Path) -> NotebookNode:
    """The notebook that a source stands for, without outputs.

    Args:
        source: a file in jupytext's py:percent format.

    Returns:
        A notebook whose cell ids follow from the cells' text, so that building again changes no byte.
    """
    notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's note about blank lines in the text
    return notebook


def execute(
    notebook: NotebookNode, *, folder: Path, environment: dict[str, str], allow_errors: bool = False
) -> None:
    """Run all code cells of a notebook in a new kernel; the outputs are stored in the notebook.

    Args:
        notebook: is changed.
        folder: the kernel's working directory.
        environment: the kernel's whole environment.
        allow_errors: go on behind a cell that raised.

    Raises:
        BuildFailed: a cell raised or took too long, or the kernel died.
    """
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        timeout=CELL_TIMEOUT_SECONDS,
        allow_errors=allow_errors,
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # else each kernel warns that loopback is not encrypted
    )
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    client.reset_execution_trackers()
    # not client.execute(): it answers Ctrl-C itself, and goes on; what the kernel says is in the outputs already
    with progress(_title(notebook)) as line, client.setup_kernel(env=environment, stdout=subprocess.DEVNULL):
        for number, index in enumerate(code, start=1):
            line.say(f"cell {number} of {len(code)}")
            try:
                client.execute_cell(notebook.cells[index], index, execution_count=number)
            except (CellExecutionError, CellTimeoutError) as error:
                raise BuildFailed(_told(notebook, index, error)) from None
            except DeadKernelError:
                raise BuildFailed(f"cell {index + 1}: its kernel died") from None


def normalise(notebook: NotebookNode) -> None:
    """Drop from executed outputs what differs from run to run or works only with a living kernel.

    Args:
        notebook: is changed.
    """
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in _code_cells(notebook):
        cell.metadata.pop("execution", None)
        cell.outputs = _coalesced(cell.outputs)
        for output in cell.outputs:
            if output.output_type == "error":  # the frames hold this machine's paths
                output.traceback = [f"{output.ename}: {output.evalue}"]
            output.get("data", {}).pop(LIVE_VIEW, None)  # its random id means nothing to another kernel


def comparable(notebook: NotebookNode) -> list[Any]:
    """The outputs as strict comparison sees them: measured values emptied, pictures in pixels left out."""
    return [[_without_measured(output) for output in cell.outputs] for cell in _code_cells(notebook)]


def _build_all(sources: Sequence[Path], *, again: bool) -> int:
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="workbook-build-") as scratch, keep_airflow(Path(scratch)):
        os.environ.update(jupyter_folders(Path(scratch) / "jupyter", create=True))
        for source in sources:
            try:
                print(f"{_shown(_target(source))}: {_build(source, Path(scratch), again=again)}", flush=True)
            except BuildFailed as problem:
                problems.append(str(problem))
                print(f"{_shown(_target(source))}: failed, the file is as it was", flush=True)
            except KeyboardInterrupt:
                problems.append(f"stopped in {_shown(source)}; {_target(source).name} is as it was")
                break
    return _report(problems, "")


def _build(source: Path, scratch: Path, *, again: bool) -> str:
    """Bring one notebook up to date; returns what was done."""
    target = _target(source)
    new = read_source(source)
    old = _read_notebook(target)
    runs_alike = old is not None and _was_executed(old) and _project_code(old) == _project_code(new)
    if runs_alike and not again:
        assert old is not None
        _take_outputs(new, old)
        return _write(target, new, "only its text changed")
    execute(new, folder=target.parent, environment=kernel_environment(scratch))
    normalise(new)
    if runs_alike and old is not None and comparable(old) == comparable(new):
        _take_outputs(new, old)
        return _write(target, new, "executed, no output differs")
    return _write(target, new, "executed")


def _write(target: Path, notebook: NotebookNode, done: str) -> str:
    nbformat.validate(notebook)
    text = nbformat.writes(notebook) + "\n"
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return "unchanged" if done.startswith("only") else f"{done}; unchanged"
    replacement = target.with_suffix(".ipynb.new")
    replacement.write_text(text, encoding="utf-8")
    replacement.replace(target)
    return done


def _differences(source: Path, target: Path) -> list[str]:
    remedy = "run `make notebooks`"
    stored = _read_notebook(target)
    if stored is None:
        return [f"{_shown(target)} does not exist or cannot be read; {remedy}"]
    if not _was_executed(stored):
        return [f"{_shown(target)} was not executed; {remedy}"]
    fresh = read_source(source)
    for number, (wanted, found) in enumerate(zip(fresh.cells, stored.cells, strict=False), start=1):
        if _project(wanted) != _project(found):
            return [f"{_shown(target)}: cell {number} ({_first_line(found.source)}) is not that of {_shown(source)} "
                    f"({_first_line(wanted.source)}); {remedy}"]  # fmt: skip
    if len(fresh.cells) != len(stored.cells):
        return [
            f"{_shown(target)} has {len(stored.cells)} cells, {_shown(source)} has {len(fresh.cells)}; {remedy}"
        ]
    if stored.metadata != fresh.metadata:
        return [f"{_shown(target)} carries other notebook metadata than the builder writes; {remedy}"]
    return []


def _sources(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    known = sorted((folder / "src").glob("[0-9]*.py"))
    if not names:
        return known
    chosen = []
    for name in names:
        if name.endswith(".py") and Path(name).exists():
            chosen.append(Path(name).resolve())
            continue
        stem = Path(name).stem
        found = [path for path in known if path.stem == stem or path.stem.startswith(f"{stem}_")]
        if not found:
            raise BuildFailed(
                f'no source for "{name}"; there are: {", ".join(path.stem for path in known) or "none"}'
            )
        chosen += found
    return sorted(set(chosen))


def _target(source: Path) -> Path:
    return source.parents[1] / f"{source.stem}.ipynb"


def _read_notebook(path: Path) -> NotebookNode | None:
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        return None


def _code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def _project(cell: NotebookNode) -> tuple[str, str, str, str]:
    return cell.cell_type, cell.source, json.dumps(cell.metadata, sort_keys=True), cell.get("id", "")


def _project_code(notebook: NotebookNode) -> list[tuple[str, str]]:
    """What decides the outputs: the code, and tags such as ``raises-exception``."""
    return [(cell.source, json.dumps(cell.metadata, sort_keys=True)) for cell in _code_cells(notebook)]


def _was_executed(notebook: NotebookNode) -> bool:
    return all(cell.execution_count is not None for cell in _code_cells(notebook))


def _take_outputs(new: NotebookNode, old: NotebookNode) -> None:
    for mine, theirs in zip(_code_cells(new), _code_cells(old), strict=True):
        mine.outputs = copy.deepcopy(theirs.outputs)
        mine.execution_count = theirs.execution_count


def _coalesced(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """One output per stream, in the place of its first piece: how the pieces fell is a matter of timing."""
    streams: dict[str, NotebookNode] = {}
    kept = []
    for output in outputs:
        if output.output_type != "stream":
            kept.append(output)
        elif output.name in streams:
            streams[output.name].text += output.text
        else:
            streams[output.name] = output
            kept.append(output)
    return kept


def _without_measured(value: Any) -> Any:
    if isinstance(value, str):
        return MEASURED.sub("«»", value)
    if isinstance(value, dict):
        ignored = ("image/png", "execution_count", "metadata")
        return {key: _without_measured(part) for key, part in value.items() if key not in ignored}
    if isinstance(value, list):
        return [_without_measured(part) for part in value]
    return value


def _told(notebook: NotebookNode, index: int, error: CellExecutionError | CellTimeoutError) -> str:
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


def _first_line(source: str) -> str:
    line = source.strip().partition("\n")[0]
    return f"“{line[:47]}…”" if len(line) > 48 else f"“{line}”"


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _report(problems: Sequence[str], good: str) -> int:
    for problem in problems:
        print(f"\n{problem}" if "\n" in problem else problem, file=sys.stderr)
    if good and not problems:
        print(good)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
