"""Builds the notebooks from their text sources: executes and normalises only what has changed.

``python -m workbook.tools.build [--check] [--all] [NAME ...]``; a name is ``03``, ``03_too_big`` or a path.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workbook.stack.kernels import jupyter_folders, keep_airflow, kernel_environment
from workbook.tools.notebook import BuildFailed, code_cells, comparable, execute, normalise, read_source
from workbook.workspace import ROOT

NOTEBOOKS = ROOT / "notebooks"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or check; returns the exit code (0 done or current, 1 not)."""
    parser = argparse.ArgumentParser(
        prog="python -m workbook.tools.build", description=__doc__.splitlines()[0]
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="03, 03_too_big, or a path (default: all)")
    parser.add_argument(
        "--check", action="store_true", help="only compare notebooks with their sources; run no kernel"
    )
    parser.add_argument(
        "--all", action="store_true", help="execute every notebook, even if it has not changed"
    )
    options = parser.parse_args(arguments)
    try:
        sources = chosen_sources(NOTEBOOKS, options.names)
    except BuildFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    if options.check:
        return _report(check(NOTEBOOKS, sources), f"{len(sources)} notebooks match their sources exactly")
    return _build_all(sources, again=options.all)


def check(folder: Path, sources: Sequence[Path] | None = None) -> list[str]:
    """Compare notebooks with their sources.

    Args:
        folder: holds the notebooks, and their sources in ``src``.
        sources: the only ones to compare; without it all, and notebooks without a source are named, too.

    Returns:
        A sentence for each difference: notebook, cell, what to do.
    """
    problems: list[str] = []
    for source in chosen_sources(folder) if sources is None else sources:
        problems += _differences(source, _target(source))
    if sources is None or set(sources) == set(chosen_sources(folder)):
        targets = {_target(source) for source in chosen_sources(folder)}
        problems += [
            f"{_shown(stray)} has no source; write {_shown(folder / 'src' / stray.stem)}.py or delete the notebook"
            for stray in sorted(set(folder.glob("*.ipynb")) - targets)
        ]
    return problems


def _build_all(sources: Sequence[Path], *, again: bool) -> int:
    problems: list[str] = []
    try:
        with tempfile.TemporaryDirectory(prefix="workbook-build-") as scratch, keep_airflow(Path(scratch)):
            os.environ.update(jupyter_folders(Path(scratch) / "jupyter", create=True))
            for source in sources:
                try:
                    print(
                        f"{_shown(_target(source))}: {_build(source, Path(scratch), again=again)}", flush=True
                    )
                except BuildFailed as problem:
                    problems.append(str(problem))
                    print(f"{_shown(_target(source))}: failed; the file is unchanged", flush=True)
    except KeyboardInterrupt:  # around it all: a kernel that ends may raise it a second time
        problems.append("stopped; every notebook that is not named above is unchanged")
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


def _write(target: Path, notebook: NotebookNode, action: str) -> str:
    nbformat.validate(notebook)
    text = nbformat.writes(notebook) + "\n"
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return "unchanged" if action.startswith("only") else f"{action}; unchanged"
    replacement = target.with_suffix(".ipynb.new")
    replacement.write_text(text, encoding="utf-8")
    replacement.replace(target)
    return action


def _differences(source: Path, target: Path) -> list[str]:
    remedy = "run `make notebooks`"
    stored = _read_notebook(target)
    if stored is None:
        return [f"{_shown(target)} does not exist or cannot be read; {remedy}"]
    if not _was_executed(stored):
        return [f"{_shown(target)} was not executed; {remedy}"]
    fresh = read_source(source)
    for number, (expected, actual) in enumerate(zip(fresh.cells, stored.cells, strict=False), start=1):
        if _project(expected) != _project(actual):
            return [f"{_shown(target)}: cell {number} ({_first_line(actual.source)}) differs from that in "
                    f"{_shown(source)} ({_first_line(expected.source)}); {remedy}"]  # fmt: skip
    if len(fresh.cells) != len(stored.cells):
        return [
            f"{_shown(target)} has {len(stored.cells)} cells, {_shown(source)} has {len(fresh.cells)}; {remedy}"
        ]
    if stored.metadata != fresh.metadata:
        return [f"{_shown(target)}: its notebook metadata is not what the builder writes; {remedy}"]
    return []


def chosen_sources(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    sources = sorted((folder / "src").glob("[0-9]*.py"))
    if not names:
        return sources
    chosen = []
    for name in names:
        if name.endswith(".py") and Path(name).exists():
            chosen.append(Path(name).resolve())
            continue
        stem = Path(name).stem
        matches = [path for path in sources if path.stem == stem or path.stem.startswith(f"{stem}_")]
        if not matches:
            raise BuildFailed(
                f'no source for "{name}"; the sources are: '
                f"{', '.join(path.stem for path in sources) or 'none'}"
            )
        chosen += matches
    return sorted(set(chosen))


def _target(source: Path) -> Path:
    return source.parents[1] / f"{source.stem}.ipynb"


def _read_notebook(path: Path) -> NotebookNode | None:
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        return None


def _project(cell: NotebookNode) -> tuple[str, str, str, str]:
    return cell.cell_type, cell.source, json.dumps(cell.metadata, sort_keys=True), cell.get("id", "")


def _project_code(notebook: NotebookNode) -> list[tuple[str, str]]:
    """What decides the outputs: the code, and tags such as ``raises-exception``."""
    return [(cell.source, json.dumps(cell.metadata, sort_keys=True)) for cell in code_cells(notebook)]


def _was_executed(notebook: NotebookNode) -> bool:
    return all(cell.execution_count is not None for cell in code_cells(notebook))


def _take_outputs(new: NotebookNode, old: NotebookNode) -> None:
    for mine, theirs in zip(code_cells(new), code_cells(old), strict=True):
        mine.outputs = copy.deepcopy(theirs.outputs)
        mine.execution_count = theirs.execution_count


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
