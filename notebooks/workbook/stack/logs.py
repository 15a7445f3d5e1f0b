"""What Airflow said in its logs, quoted so that two runs can be compared."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbook.waits import wait_until


def task_log(folder: Path, dag_id: str, run_id: str, task_id: str) -> str:
    """The log of a task as the user interface shows it: what worker and triggerer said, in the order of time.

    A line for each entry: time, level, text; under it the exception, if there is one.

    Args:
        folder: where Airflow lives.
        dag_id: the task's DAG.
        run_id: the run.
        task_id: the task.
    """
    files = folder / "logs" / f"dag_id={dag_id}" / f"run_id={run_id}" / f"task_id={task_id}"
    entries = [entry for file in files.glob("attempt=*.log*") for entry in _entries(file)]
    return "\n".join(_line(entry) for entry in sorted(entries, key=lambda entry: str(entry["timestamp"])))


def excerpt(read: Callable[[], str], words: str, seconds: float = 60) -> str:
    """Quote the last line of a log that says something; the rest of the line differs from run to run.

    Args:
        read: the log as it is now. Another process writes it, so the line may come later.
        words: the part of the line that is always the same.
        seconds: how long to wait for such a line.
    """
    wait_until(lambda: words in read(), seconds)
    lines = [line for line in read().splitlines() if words in line]
    if not lines:
        return f'no line contains "{words}"'
    before, _, after = lines[-1].translate({ord("«"): None, ord("»"): None}).partition(words)
    differing = (f"«{' '.join(part.split())}»" if part.strip() else "" for part in (before, after))
    return words.join(f" {part} " for part in differing).strip()


def _entries(file: Path) -> list[dict[str, Any]]:
    entries = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("{"):
            with contextlib.suppress(json.JSONDecodeError):  # the line that is being written just now
                entries.append(json.loads(line))
    return entries


def _line(entry: dict[str, Any]) -> str:
    raised = [f"\n{each['exc_type']}: {each['exc_value']}" for each in entry.get("error_detail") or []]
    return "".join([f"{entry['timestamp']} {entry['level']} {entry['event']}", *raised])
