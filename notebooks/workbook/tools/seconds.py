"""Runs notebooks as a learner would, at the scale ``laptop``, and stores how long each section ran.

``python -m workbook.tools.seconds [NAME ...]`` writes ``notebooks/src/seconds.json``, from which the builder makes the
minutes of a lesson; a name is ``03`` or ``03_too_big``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode

from workbook.stack.kernels import jupyter_folders, keep_airflow, kernel_environment
from workbook.tools.build import NOTEBOOKS, chosen_sources
from workbook.tools.minutes import SECONDS, sections
from workbook.tools.notebook import BuildFailed, execute, read_source


def main(names: Sequence[str] | None = None) -> int:
    """Run and store; returns the exit code: 0 when every cell ran and every claim was true."""
    parser = argparse.ArgumentParser(prog="python -m workbook.tools.seconds", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="03 or 03_too_big (default: all)")
    chosen = parser.parse_args(names).names
    file = NOTEBOOKS / "src" / SECONDS
    stored = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="workbook-seconds-") as scratch, keep_airflow(Path(scratch)):
        os.environ.update(jupyter_folders(Path(scratch) / "jupyter", create=True))
        environment = kernel_environment(Path(scratch), scale="laptop")
        for source in chosen_sources(NOTEBOOKS, chosen):
            notebook = read_source(source)
            try:
                execute(notebook, folder=NOTEBOOKS, environment=environment)
            except BuildFailed as problem:
                problems.append(f"{source.stem}: {problem}")
                continue
            problems += [f"{source.stem}: {line}" for line in _false_claims(notebook)]
            stored[source.stem] = {heading: round(spent) for heading, spent in _seconds(notebook).items()}
            print(f"{source.stem}: {sum(stored[source.stem].values())} s", flush=True)
            file.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for line in problems:
        print(line, file=sys.stderr)
    return 1 if problems else 0


def _seconds(notebook: NotebookNode) -> dict[str, float]:
    spent: dict[str, float] = {}
    for heading, cell in sections(notebook):
        spent.setdefault(heading, 0.0)
        times = cell.metadata.get("execution")
        if times:
            begin, end = (
                datetime.fromisoformat(times[name].replace("Z", "+00:00"))
                for name in ("iopub.execute_input", "shell.execute_reply")
            )
            spent[heading] += (end - begin).total_seconds()
    return spent


def _false_claims(notebook: NotebookNode) -> list[str]:
    return [
        line
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for line in str(output.get("text", "")).splitlines()
        if line.startswith("✘")
    ]


if __name__ == "__main__":
    raise SystemExit(main())
