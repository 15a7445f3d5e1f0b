"""Remove what runs created: ``python -m workbook.tools.reset``; a learner's own work goes only after a yes."""

from __future__ import annotations

import shutil
import sys

from workbook import stack
from workbook.workspace import WORK

LEARNER = WORK / "learner"


def main() -> None:
    """End Airflow, empty ``.workbook``, and ask before removing the guesses."""
    stack.stop()
    for entry in sorted(WORK.iterdir()) if WORK.exists() else []:
        if entry == LEARNER and not _may_go():
            print(f"{LEARNER} was kept.")
        elif entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    print("Reset. `make lab` recreates what is needed.")


def _may_go() -> bool:
    guesses = len(list(LEARNER.rglob("*.json")))
    if not guesses:
        return True
    if not sys.stdin.isatty():
        return False
    return input(f"Remove your guesses ({guesses}) as well? [y/N] ").strip().lower() in ("y", "yes")


if __name__ == "__main__":
    main()
