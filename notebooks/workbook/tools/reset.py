"""Removes what runs created: ``python -m workbook.tools.reset [NAME]``; a learner's own work goes only after a yes.

With a name, ``03`` or ``03.1``, it only gives that notebook or that exercise back as it was at first.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence

from workbook import stack
from workbook.tools import desk
from workbook.workspace import WORK

OWN = ("learner", "desk")
"""Folders with what learners wrote: their guesses, and their copy of the notebooks."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Give back what is named; or end Airflow, and empty ``.workbook`` but for what learners wrote.

    Returns:
        The exit code: 0 done, 1 there is no such notebook or exercise.
    """
    parser = argparse.ArgumentParser(
        prog="python -m workbook.tools.reset",
        description="Remove what runs created. Asks before it removes your own work.",
    )
    parser.add_argument("name", nargs="?", help="only this notebook (03) or this exercise (03.1)")
    name = parser.parse_args(arguments).name
    if name is None:
        _empty()
        return 0
    try:
        print(desk.give_back(name))
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _empty() -> None:
    stack.stop()
    may_go = _may_go()
    for entry in sorted(WORK.iterdir()) if WORK.exists() else []:
        if entry.name in OWN and not may_go:
            print(f"{entry} was kept.")
        elif entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    print("Reset. `make lab` recreates what is needed.")


def _may_go() -> bool:
    """Whether the learner's own work may be removed; nobody is asked when there is none."""
    guesses = len(list((WORK / "learner").rglob("*.json")))
    cells = desk.count_own(WORK / "desk")
    if not guesses and not cells:
        return True
    if not sys.stdin.isatty():
        return False
    question = f"Remove your own work as well ({guesses} guesses, {cells} cells and notes)? [y/N] "
    return input(question).strip().lower() in ("y", "yes")


if __name__ == "__main__":
    sys.exit(main())
